"""What staff see and do about enquiries, inside Wagtail's admin."""
