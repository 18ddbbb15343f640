"""The routes of the site."""

from __future__ import annotations

from django.urls import path
from news.models import Article

from arsearch.integrations.django.views import SearchView

urlpatterns = [path("search/", SearchView.as_view(paginate_by=3)), path("articles/", SearchView.as_view(model=Article))]
