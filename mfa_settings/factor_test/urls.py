from django.urls import path

from mfa_settings.factor_test import views

urlpatterns = [
    path("result/<uuid:test_id>/", views.result, name="factor_test_result"),
    path("<slug:slug>/", views.test, name="factor_test"),
]
