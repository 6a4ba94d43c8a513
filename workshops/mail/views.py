"""The page behind the link in each mail to a subscriber: it confirms their address, and ends the mails."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from workshops.mail.links import subscription_of
from workshops.mail.subscriptions import confirm_subscription, end_subscription


@method_decorator(never_cache, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")  # mail programs end it by a POST of their own; the link is the secret
class UseSubscriptionPage(View):
    """Opening the page changes nothing, because programs that look for viruses open every link in a mail."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page({"subscription": subscription_of(token)})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ends it, unless the page's other button was pressed."""
        if "confirm" in request.POST:
            return self.page({"was_confirmed": confirm_subscription(token), "subscription": subscription_of(token)})
        return self.page({"reference": end_subscription(token)})

    def page(self, context: dict[str, object]) -> HttpResponse:
        return render(self.request, "workshops/mail/subscription.html", context)
