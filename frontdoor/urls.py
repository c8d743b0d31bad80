"""Every address of the front door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from frontdoor.views import asking, beside, more, questions, through
from frontdoor.views import conversation as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.door, name="door"),
    path("talk/", views.carry_on, name="carry_on"),
    path("talk/<int:page>/", views.talk, name="talk"),
    path("talk/all/", views.whole, name="whole"),
    path("talk/check/", views.check, name="check"),
    path("talk/saved/", views.saved, name="saved"),
    path("talk/delete/", views.delete_draft, name="delete_draft"),
    path("talk/thanks/", views.thanks, name="thanks"),
    path("talk/worried/", beside.worried_thanks, name="worried_thanks"),
    path("worried/", beside.worried, name="worried"),
    path("about-me/", beside.about_me, name="about_me"),
    path("about-me/thank-you/", beside.about_done, name="about_done"),
    path("about-me/forget/", beside.about_forget, name="about_forget"),
    path("about-me/<slug:question>/", beside.about_question, name="about_question"),
    path("team/fair/", beside.fair_counts, name="fair_counts"),
    path("team/help-lines/", beside.line_checks, name="line_checks"),
    path("team/help-lines/<slug:line_id>/", beside.line_check, name="line_check"),
    path("more/", more.more, name="more"),
    path("more/<int:page>/", more.more_page, name="more_page"),
    path("more/saved/", more.more_saved, name="more_saved"),
    path("back/", views.back, name="back"),
    path("helping/", through.helping, name="helping"),
    path("paper/", through.paper_form, name="paper"),
    path("team/hello/", through.hello, name="hello"),
    path("team/paper/", through.paper_coded, name="paper_coded"),
    path("help-now/", views.help_now, name="help_now"),
    path("leave/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
    path("staying-safe/", views.staying_safe, name="staying_safe"),
    path("who-sees/", views.who_sees, name="who_sees"),
    path("plans/<uuid:plan_id>/code/", views.new_code, name="new_code"),
    path("plans/<uuid:plan_id>/ask/", asking.ask, name="ask"),
    path("plans/<uuid:plan_id>/ask/<str:question>/", asking.ask_question, name="ask_question"),
    path("plans/<uuid:plan_id>/asked/", asking.asked, name="asked"),
    # The team's work on the questions
    path("team/questions/", questions.questions, name="questions"),
    path("team/questions/begin/", questions.questions_begin, name="questions_begin"),
    path("team/questions/drop/", questions.questions_drop, name="questions_drop"),
    path("team/questions/problems/", questions.questions_problems, name="questions_problems"),
    path("team/questions/publish/", questions.questions_publish, name="questions_publish"),
    path("team/questions/history/", questions.questions_history, name="questions_history"),
    path("team/questions/preview/", questions.questions_preview, name="questions_preview"),
    path("team/questions/preview/<int:number>/", questions.preview_page, name="preview_page"),
    path("team/questions/topics/add/", questions.topic_add, name="topic_add"),
    path("team/questions/pages/<str:name>/", questions.question_page, name="question_page"),
    path("team/questions/pages/<str:name>/add/", questions.question_add, name="question_add"),
    path("team/questions/pages/<str:name>/who/", questions.question_branch, name="question_branch"),
    path("team/questions/pages/<str:name>/move/", questions.page_move, name="page_move"),
    path("team/questions/pages/<str:name>/out/", questions.page_out, name="page_out"),
    path("team/questions/ask/<str:name>/", questions.question, name="question"),
    path("team/questions/ask/<str:name>/move/", questions.question_move, name="question_move"),
    path("team/questions/ask/<str:name>/out/", questions.question_out, name="question_out"),
    path("team/questions/ask/<str:name>/picks/", questions.choice_add, name="choice_add"),
    path("team/questions/ask/<str:name>/picks/<str:key>/out/", questions.choice_out, name="choice_out"),
    path("team/questions/words/<str:text>/", questions.question_words, name="question_words"),
    path("team/questions/words/<str:text>/<str:language>/", questions.question_words, name="question_translation"),
]

if settings.DEMO:
    # Anybody may be anybody: these addresses do not exist outside the demo.
    urlpatterns.append(path("demo/", include("frontdoor.demo_urls")))
