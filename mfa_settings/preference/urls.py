from django.urls import path

from mfa_settings.preference import views

urlpatterns = [
    path("review/<uuid:proposal_id>/", views.review, name="review"),
    path("review/<uuid:proposal_id>/save/", views.save, name="save"),
    path("undo/<uuid:change_id>/", views.undo_change, name="undo_change"),
]
