"""Every address of the front door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from frontdoor.views import anytime, asking, back, beside, conversation, more, preview, questions, record, through

urlpatterns: list[URLPattern | URLResolver] = [
    path("", conversation.door, name="door"),
    path("talk/", conversation.carry_on, name="carry_on"),
    path("talk/<int:page>/", conversation.talk, name="talk"),
    path("talk/all/", conversation.whole, name="whole"),
    path("talk/check/", conversation.check, name="check"),
    path("talk/saved/", conversation.saved, name="saved"),
    path("talk/delete/", conversation.delete_draft, name="delete_draft"),
    path("talk/thanks/", conversation.thanks, name="thanks"),
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
    path("back/", back.back, name="back"),
    path("helping/", through.helping, name="helping"),
    path("paper/", through.paper_form, name="paper"),
    path("team/hello/", through.hello, name="hello"),
    path("team/paper/", through.paper_coded, name="paper_coded"),
    path("help-now/", anytime.help_now, name="help_now"),
    path("leave/", anytime.leave, name="leave"),
    path("language/", anytime.language, name="language"),
    path("staying-safe/", anytime.staying_safe, name="staying_safe"),
    path("who-sees/", anytime.who_sees, name="who_sees"),
    path("plans/<uuid:plan_id>/code/", back.new_code, name="new_code"),
    path("plans/<uuid:plan_id>/ask/", asking.ask, name="ask"),
    path("plans/<uuid:plan_id>/ask/<str:question>/", asking.ask_question, name="ask_question"),
    path("plans/<uuid:plan_id>/asked/", asking.asked, name="asked"),
    path("plans/<uuid:plan_id>/record.json", record.record, name="record"),
    # The team's work on the questions
    path("team/questions/", questions.questions, name="questions"),
    path("team/questions/begin/", questions.questions_begin, name="questions_begin"),
    path("team/questions/drop/", questions.questions_drop, name="questions_drop"),
    path("team/questions/problems/", questions.questions_problems, name="questions_problems"),
    path("team/questions/publish/", questions.questions_publish, name="questions_publish"),
    path("team/questions/history/", questions.questions_history, name="questions_history"),
    path("team/questions/preview/", preview.questions_preview, name="questions_preview"),
    path("team/questions/preview/check/", preview.preview_check, name="preview_check"),
    path("team/questions/preview/<int:number>/", preview.preview_page, name="preview_page"),
    path("team/questions/topics/add/", questions.topic_add, name="topic_add"),
    path("team/questions/pages/<str:name>/", questions.question_page, name="question_page"),
    path("team/questions/pages/<str:name>/add/", questions.question_add, name="question_add"),
    path("team/questions/pages/<str:name>/who/", questions.question_branch, name="question_branch"),
    path("team/questions/pages/<str:name>/life/", questions.topic_ties, name="topic_ties"),
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
