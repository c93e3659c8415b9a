from django.urls import path

from mfa_settings.factor_test import views

urlpatterns = [
    path("result/<uuid:drill_id>/", views.result, name="drill_result"),
    path("<slug:slug>/", views.test, name="drill"),
]
