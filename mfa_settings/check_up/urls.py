from django.urls import path

from mfa_settings.check_up import views

urlpatterns = [
    path("take/", views.take, name="check_up_take"),
    path("dismiss/", views.dismiss, name="check_up_dismiss"),
    path("suggest-again/", views.suggest_again, name="check_up_suggest_again"),
]
