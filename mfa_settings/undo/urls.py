from django.urls import path

from mfa_settings.undo import views

urlpatterns = [path("<uuid:change_id>/", views.take_back, name="take_back")]
