"""Links that lead nowhere: found each night, and told to those who can mend them."""
