"""`python manage.py rebuild_arsearch`."""
