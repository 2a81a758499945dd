"""What editors see and do about events beside their forms, inside Wagtail's admin."""
