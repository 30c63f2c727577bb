"""Tools of the developers; the application never imports them."""
