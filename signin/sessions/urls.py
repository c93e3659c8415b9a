from django.urls import path

from signin.sessions import views

urlpatterns = [
    path("", views.overview, name="sessions"),
    path("end/", views.end, name="sessions_end"),
    path("end-others/", views.end_others, name="sessions_end_others"),
    path("everywhere/", views.everywhere, name="sessions_everywhere"),
]
