def archive(request):
    return {}
