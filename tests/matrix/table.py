"""Who sees what, in one table that a clinician can read and sign. The tests hold the whole service to it.

Each line: what it is about, then one letter for each column. ``docs/who-sees-what.md`` is printed from this file.
"""

from __future__ import annotations

COLUMNS = {
    "visitor": "Nobody is signed in",
    "person": "The person",
    "another": "Another person who came to us",
    "main": "Their main person",
    "walks": "Walks with them",
    "shut": "Walks with them, and is shut out of “How things are” by name",
    "agenda": "In the team, before the team has talked about them",
    "hello": "The same, and says first hellos",
    "away": "In the team before that, from a sector they keep away",
    "kept": "Walks with them, and is kept away from all of it by name",
    "team": "In the team, afterwards, and does not walk with them",
    "lead": "The same, and leads the team",
    "other": "In another team, and leads it",
    "ended": "Walked with them, until their membership ended",
    "super": "Holds every right on the machine (superuser)",
    "supporter": "Asked by the person to see “How things are”, and to add to “What helps me”",
    "opener": "In the team, does not walk with them, and opened the plan in an emergency",
}

LEGEND = {
    "o": "opens",
    "c": "is done, or goes on to the next page",
    "n": "is refused, with a sentence that says why; nothing changes",
    "w": "is asked again, with words; nothing changes",
    "d": "the team has decided already; what was typed is shown, and nothing changes",
    ".": "is not there: the same page as for what never was; nothing changes",
    "-": "is asked to sign in; nothing changes",
}

# Pages that ask for no account, or that are there for anybody: nobody in particular, the person, a member.
FOR_ANYBODY = """
door                              | The front page                                        | o o o
door begin                        |   Begin to talk                                       | c c c
carry_on                          | Go on where I was                                     | c c c
talk                              | One page of the first talk, when none has begun       | o o o
talk answer                       |   Answer it                                           | o o o
check                             | Look it over                                          | o o o
check send                        |   Send it                                             | o o o
saved                             | It is saved                                           | o o o
delete_draft                      | Delete what I said                                    | o o o
delete_draft press                |   Delete it                                           | o o o
thanks                            | Thank you                                             | c c c
more                              | Say a bit more: the topics                            | c o c
more_page                         | One topic                                             | c o c
more_page send                    |   Answer it                                           | c c c
more_saved                        | It is saved, and goes on with the code                | c o c
about_me                          | About me: what they answered about themselves         | c o c
about_question                    |   One question                                        | c o c
about_question send               |   Answer it                                           | c c c
about_done                        |   After the last                                      | o c o
about_forget                      |   Delete all of it                                    | c c c
worried                           | I am worried about someone                            | o o o
worried send                      |   Tell the team                                       | c c c
worried_thanks                    |   Thank you                                           | o o o
saved word                        |   Pick a word, when nothing has begun                 | o o o
thanks done                       |   Let it go                                           | c c c
whole                             | All questions on one page, when nothing has begun     | o o o
whole answer                      |   Answer them                                         | o o o
helping                           | I am helping someone                                  | o o c
helping begin                     |   Begin with them                                     | c c c
paper                             | Get this on paper                                     | o o o
back                              | Come back with a code                                 | o o o
back code                         |   With a code that is not one                         | w w w
help_now                          | Help for right now                                    | o o o
leave                             | Leave this page                                       | c c c
language pick                     | Read it in another language                           | c c c
staying_safe                      | Staying safe                                          | o o o
who_sees                          | Who sees what I say                                   | o o o
health                            | Whether the machine is well                           | o o o
account_login                     | Sign in                                               | o c c
account_request_login_code        | Ask for a code                                        | o c c
account_request_login_code ask    |   Ask, for an address that nobody has                 | c c c
account_confirm_login_code        | Give the code, when none was asked for                | c c c
account_confirm_login_code give   |   Give one                                            | c c c
account_logout                    | Sign out                                              | c o o
account_logout press              |   Sign out                                            | c c c
invitation                        | An invitation that is not one                         | . . .
invitation take                   |   Take it up                                          | . . .
shared_join                       | A link from somebody that is not one                  | . . .
shared_join take                  |   Say yes                                             | . . .
demo                              | The made-up town (in the demo alone)                  | o o o
demo_be                           |   Be somebody of it                                   | c c c
demo_messages                     | Its messages                                          | o o o
"""

# One's own pages, the plan, and the team's pages, in the order of COLUMNS.
PAGES = """
= My own pages: everybody gets their own, and there are none for members
me                                | My first page                                         | - o o . . . . . . . . . . . . c .
soon                              | I would like to talk                                  | - o o . . . . . . . . . . . . . .
soon ask                          |   Ask                                                 | - c c . . . . . . . . . . . . . .
kept                              | What I was typing when my page closed                 | - o o o o o o o o o o o o o o o o
kept_drop                         |   Throw it away (somebody else’s: nothing happens)    | - c c c c c c c c c c c c c c c c
just_quiet                        | I am OK, just quiet                                   | - c c . . . . . . . . . . . . . .
just_quiet press                  |   Press it                                            | - o o . . . . . . . . . . . . . .
ways                              | How to say hello to me                                | - o o . . . . . . . . . . . . . .
way                               | One way                                               | - o o . . . . . . . . . . . . . .
way set                           |   Set it                                              | - c c . . . . . . . . . . . . . .
word                              | A word only I know                                    | - o o . . . . . . . . . . . . . .
word set                          |   Set it                                              | - c c . . . . . . . . . . . . . .
step_out                          | Step out                                              | - o o . . . . . . . . . . . . . .
step_out press                    |   Step out                                            | - c c . . . . . . . . . . . . . .
come_back                         |   Come back                                           | - c c . . . . . . . . . . . . . .
shared                            | What somebody shares with me, when nobody does        | - . . . . . . . . . . . . . . o .
= The person’s plan
plan                              | The plan                                              | - o . o o o o o . . . . . . . o o
plan_history                      | What has changed in it                                | - o . o o o o o . . . . . . . . o
plan_pdf                          | A copy on paper                                       | - o . o o o o o . . . . . . . o o
copy                              | A copy to take away: which parts, and how             | - o . o o o o o . . . . . . . o o
copy ask                          |   Ask for it                                          | - c . c c c c c . . . . . . . w c
copy_made                         | Whether a copy is ready (somebody else’s)             | - . . . . . . . . . . . . . . . .
copy_file                         | A copy (somebody else’s)                              | - . . . . . . . . . . . . . . . .
record                            | The whole record as data                              | - o . . . . . . . . . . . . . . .
entry_add                         | Add to “What helps me”                                | - o . o o o n n . . . . . . . o n
entry_add send                    |   Add                                                 | - c . c c c n n . . . . . . . c n
entry_add only_me                 | Add to “Only for me”                                  | - o . . . . . . . . . . . . . . .
entry_add shut                    | Add to “How things are”                               | - o . o o . n n . . . . . . . n n
entry_add shut send               |   Add                                                 | - c . c c . n n . . . . . . . n n
entry_change theirs               | The person’s own words in “How things are”            | - o . n n . n n . . . . . . . n n
entry_change theirs send          |   Change them                                         | - c . n n . n n . . . . . . . n n
entry_change jos                  | The main person’s words there                         | - n . o n . n n . . . . . . . n n
entry_change jos send             |   Change them                                         | - n . c n . n n . . . . . . . n n
entry_change hard                 | Words in “If things get hard”                         | - o . n n n . . . . . . . . . . n
entry_change named                | A goal for the main person alone                      | - o . n . . . . . . . . . . . . n
entry_change only_me              | Words in “Only for me”                                | - o . . . . . . . . . . . . . . .
entry_change only_me send         |   Change them                                         | - c . . . . . . . . . . . . . . .
entry_change taken_out            | Words that the person took out                        | - . . . . . . . . . . . . . . . .
entry_answer                      | Answer the main person’s words                        | - o . n n . n n . . . . . . . n n
entry_answer send                 |   Answer                                              | - c . n n . n n . . . . . . . n n
entry_answer only_me              |   Answer words in “Only for me”                       | - n . . . . . . . . . . . . . . .
entry_back                        |   Put back what was taken out                         | - c . . . . . . . . . . . . . . .
entry_progress step               |   Say how a step is going                             | - c . c c c n n . . . . . . . . n
entry_progress goal               |   Say how the goal is going                           | - c . n . . . . . . . . . . . . n
suggest                           | Suggest other words for the person’s own              | - n . o o . n n . . . . . . . n n
suggest send                      |   Suggest them                                        | - n . c c . n n . . . . . . . n n
suggestion                        | Answer a suggestion                                   | - o . . . . . . . . . . . . . . .
suggestion answer                 |   Answer it                                           | - c . . . . . . . . . . . . . . .
restore                           |   Put the person’s earlier words back                 | - c . n n . n n . . . . . . . n n
rate                              | Say how things are, from 0 to 10                      | - o . . . . . . . . . . . . . . .
rate set                          |   Say it                                              | - c . . . . . . . . . . . . . . .
rate_goal                         | Say how close the goal feels                          | - o . . . . . . . . . . . . . . .
rate_goal set                     |   Say it                                              | - c . . . . . . . . . . . . . . .
order                             | The order of the parts                                | - o . . . . . . . . . . . . . . .
move_section                      |   Move a part up                                      | - c . n n n n n . . . . . . . n n
sharing                           | Who sees what                                         | - o . n n n n n . . . . . . . n n
sharing_section                   | Who sees “How things are”                             | - o . n n n n n . . . . . . . n n
sharing_section set               |   Set it                                              | - c . n n n n n . . . . . . . n n
sharing_sector                    |   Keep a sector away                                  | - c . n n n n n . . . . . . . n n
sharing_organisation              |   Keep one organisation away                          | - c . n n n n n . . . . . . . n n
sharing_member                    |   Keep one of the team away                           | - c . n n n n n . . . . . . . n n
sharing_stop                      |   Stop everybody who was let in                       | - c . n n n n n . . . . . . . n n
entry_sharing                     | Who sees one thing in “How things are”                | - o . n n . n n . . . . . . . n n
entry_sharing set                 |   Set it                                              | - c . n n . n n . . . . . . . n n
looks                             | Who has looked                                        | - o . n n n n n . . . . . . . n n
look_ask                          | Ask about a look that never was                       | - . . n n n n n . . . . . . . n n
look_ask send                     |   Ask                                                 | - . . n n n n n . . . . . . . n n
people                            | Whom the person asked to stand beside them            | - o . n n n n n . . . . . . . n n
someone_else                      | Ask for somebody else to walk with                    | - o . n n n n n . . . . . . . n n
someone_else ask                  |   Ask                                                 | - c . n n n n n . . . . . . . n n
supporter_add                     | Ask somebody                                          | - o . n n n n n . . . . . . . n n
supporter_add make                |   Make the link                                       | - c . n n n n n . . . . . . . n n
supporter                         | What somebody sees who was never asked                | - . . n n n n n . . . . . . . n n
supporter set                     |   Set it                                              | - . . n n n n n . . . . . . . n n
supporter_end                     |   End it                                              | - . . n n n n n . . . . . . . n n
seen_by                           | The plan as somebody else sees it                     | - o . n n n n n . . . . . . . n n
seen_by supporter                 | The plan as somebody sees it whom they asked          | - o . n n n n n . . . . . . . n n
new_code                          | A new code for the person                             | - o . o o o n o . . . . . . . n n
new_code make                     |   Make it                                             | - o . o o o n o . . . . . . . n n
= The team’s work with the person
ask                               | Ask something: what they have told already            | - . . o o o o o . . . . . . . n n
ask_question                      |   One question                                        | - . . o o o o o . . . . . . . n n
ask_question send                 |   Ask it (the person sees who asked)                  | - . . c c c c c . . . . . . . n n
asked                             | What we have asked them                               | - o . . . . . . . . . . . . . . .
contact                           | Write down a contact                                  | - n . o o o o o . . . . . . . n n
contact keep                      |   Keep it                                             | - n . c c c c c . . . . . . . n n
contact_kept                      | A contact that is written down                        | - n . o o o o o . . . . . . . n n
contact_kept told                 |   Say they stepped out, though they were not reached  | - n . n n n n n . . . . . . . n n
rhythm                            | Agree how often                                       | - o . o o o n n . . . . . . . n n
rhythm agree                      |   Agree it                                            | - c . c c c n n . . . . . . . n n
bring                             | Bring them to the huddle                              | - n . o o o o o . . . . . . . n n
bring send                        |   Bring them                                          | - n . c c c c c . . . . . . . n n
reach                             | How to say hello safely, before the press             | - n . o o o n o . . . . . . . n n
reach look                        |   Look (the person sees who looked)                   | - n . o o o n o . . . . . . . n n
emergency                         | Open the plan in an emergency, when the team lets nobody| - . . . . . . . . . . . . . . . o
emergency open                    |   Open it                                             | - . . . . . . . . . . . . . . . c
safety                            | Kept apart: the main person reads, others add      | - . . o o o o o . . . . . . . . .
safety keep                       |   Keep something apart                                | - . . c c c c c . . . . . . . . .
worry_seen theirs                 | What somebody told us of them: “do not tell them”      | - . . o o o . . . . . . . . . . .
worry_take theirs                 |   I have this                                         | - . . c c c . . . . . . . . . . .
worry_done theirs                 |   It is done                                          | - . . c c c . . . . . . . . . . .
needed_take                       | I have this, when they may be in danger               | - . . c c c c c . . c c . . . . c
huddle_item                       | What the huddle hears, or decided, of them            | - . . o o o o o . . . . . . . . .
huddle_item hear                  |   Write down what was heard                           | - . . d d d c c . . . . . . . . .
huddle_ask                        |   Put them on the agenda because we have not heard    | - . . . . . . . . . . . . . . . .
= The team
today                             | What waits today                                      | - . . o o o o o o o o o o . . . o
apart                             | The people about whom I may read what is kept apart   | - . . o o o o o o o o o o . . . o
worry_seen                        | What somebody told us of somebody                     | - . . o o o o o o o o o . . . . o
worry_take                        |   I have this                                         | - . . c c c c c c c c c . . . . c
worry_done                        |   It is done                                          | - . . c c c c c c c c c . . . . c
worry_link                        |   Link it to a person I walk with                     | - . . c c c w w w w w w . . . . w
fair_counts                       | Are we fair? In numbers that name nobody              | - . . o o o o o o o o o o . . . o
line_checks                       | When each help line was last tried                    | - . . o o o o o o o o o o . . . o
line_check                        |   One help line                                       | - . . o o o o o o o o o o . . . o
line_check press                  |   I tried it today                                    | - . . c c c c c c c c c c . . . c
hello                             | Say hello with somebody                               | - . . o o o o o o o o o o . . . o
hello begin                       |   Begin with them                                     | - . . c c c c c c c c c c . . . c
hello paper                       |   Type in paper, with a code that is not one          | - . . w w w w w w w w w w . . . w
paper_coded                       | Paper forms with a code each                          | - . . o o o o o o o o o o . . . o
paper_coded print                 |   Print one                                           | - . . o o o o o o o o o o . . . o
huddle                            | The huddle                                            | - . . o o o o o o o o o o . . . o
huddle_seats                      | Who is here                                           | - . . o o o o o o o o o o . . . o
huddle_seats begin                |   Begin                                               | - . . c c c c c c c c c c . . . c
huddle_end                        |   End it                                              | - . . c c c c c c c c c c . . . c
team                              | Who is in the team                                    | - . . o o o o o o o o o o . . . o
team invite                       |   Invite somebody                                     | - . . n n n n n n n n c c . . . n
rota                              |   Put a member on the rota of first hellos            | - . . n n n n n n n c c . . . . n
may_open                          |   Let a member open plans in an emergency             | - . . n n n n n n n n c . . . . n
safeguards                        |   Let a member lead on keeping people safe            | - . . n n n n n n n n c . . . . n
duty                              | The days on which a member is on duty                 | - . . n n n n n n n n o . . . . n
duty set                          |   Set them                                            | - . . n n n n n n n n c . . . . n
end_membership                    | End a membership                                      | - . . . . . . . . . . o . . . . .
end_membership press              |   End it                                              | - . . n n n n n n n n c . . . . n
= The questions that people are asked, while there is a draft of others
questions                         | What we ask                                           | - . . o o o o o o o o o . . . . o
questions_begin                   |   Begin a draft of it                                 | - . . c c c c c c c c c . . . . c
questions_drop                    | Let the draft go                                      | - . . o o o o o o o o o . . . . o
questions_drop press              |   Let it go                                           | - . . c c c c c c c c c . . . . c
questions_problems                | What to mend in it                                    | - . . o o o o o o o o o . . . . o
questions_publish                 | What the draft changes                                | - . . o o o o o o o o o . . . . o
questions_publish press           |   Publish it, when it changes nothing                 | - . . w w w w w w w w w . . . . w
questions_history                 | Every version of the questions                        | - . . o o o o o o o o o . . . . o
questions_preview                 | See the draft as a person would                       | - . . o o o o o o o o o . . . . o
preview_page                      | One page of it                                        | - . . o o o o o o o o o . . . . o
preview_page answer               |   Answer it; nothing is kept                          | - . . c c c c c c c c c . . . . c
preview_check                     | Its check page, with made-up words                    | - . . o o o o o o o o o . . . . o
preview_check press               |   Send it; nothing is sent                            | - . . c c c c c c c c c . . . . c
topic_add                         | Add a topic                                           | - . . o o o o o o o o o . . . . o
topic_add send                    |   Add it                                              | - . . c c c c c c c c c . . . . c
topic_ties                        | What a topic hangs from                               | - . . o o o o o o o o o . . . . o
topic_ties set                    |   Set it                                              | - . . c c c c c c c c c . . . . c
question_page                     | One page of the draft                                 | - . . o o o o o o o o o . . . . o
question_add                      | Add a question                                        | - . . o o o o o o o o o . . . . o
question_add send                 |   Add it                                              | - . . c c c c c c c c c . . . . c
question_branch                   | Who is asked a page                                   | - . . o o o o o o o o o . . . . o
question_branch set               |   Set it                                              | - . . c c c c c c c c c . . . . c
page_move                         |   Move a page up                                      | - . . c c c c c c c c c . . . . c
page_out                          |   Take a page out                                     | - . . c c c c c c c c c . . . . c
question                          | One question of the draft                             | - . . o o o o o o o o o . . . . o
question set                      |   Set what becomes of the answer                      | - . . c c c c c c c c c . . . . c
question_move                     |   Move it up                                          | - . . c c c c c c c c c . . . . c
question_out                      |   Take it out                                         | - . . c c c c c c c c c . . . . c
choice_add                        | Add an answer to pick                                 | - . . o o o o o o o o o . . . . o
choice_add send                   |   Add it                                              | - . . c c c c c c c c c . . . . c
choice_out                        |   Take one out                                        | - . . c c c c c c c c c . . . . c
question_words                    | Change the words of a question                        | - . . o o o o o o o o o . . . . o
question_words send               |   Change them                                         | - . . c c c c c c c c c . . . . c
question_translation              | Change them in another language                       | - . . o o o o o o o o o . . . . o
question_translation send         |   Change them                                         | - . . c c c c c c c c c . . . . c
"""

# Whether these words are shown anywhere, on any page that this viewer can open: s for shown, a dot for nowhere.
SECRETS = """
opening                           | What the person said first                            | . s . s s . s s . . . . . . . s s
now                               | Their words in “How things are”                       | . s . s s . s s . . . . . . . s s
jo                                | The main person’s words there                         | . s . s s . s s . . . . . . . s s
hard                              | Their words in “If things get hard”                   | . s . s s s . . . . . . . . . . s
for_main                          | A goal about drink, for the main person alone         | . s . s . . . . . . . . . . . . s
only_me                           | Their words in “Only for me”                          | . s . . . . . . . . . . . . . . .
note                              | A note between those who walk together                | . s . s s s . . . . . . . . . . s
taken_out                         | Words that they took out                              | . s . . . . . . . . . . . . . . .
suggested                         | Other words that somebody suggested for the person’s  | . s . s s . s s . . . . . . . s s
contact                           | What came of a call                                   | . s . s s s s s . . . . . . . . s
number                            | Their number, by which it is safe to say hello        | . s . s s s . s . . . . . . . . .
avoid                             | Whom we must keep away from                           | . . . s s s . s . . . . . . . . .
apart                             | That somebody hurts them, kept apart                  | . . . s . . . . . . . . . . . . .
worry                             | What somebody told us of them: “do not tell them”      | . . . s s s . . . . . . . . . . .
fair                              | Their answers on “About me”: there, and in their record | . s . . . . . . . . . . . . . . .
"""

# The same words in “How things are”, as the person sets who sees them. ``let_in`` is somebody who walks with them, whom
# they let in (or shut out) by name; the others are as above.
SHARING_COLUMNS = {
    "person": COLUMNS["person"],
    "main": COLUMNS["main"],
    "let_in": "Walks with them, and is named here",
    "walks": COLUMNS["walks"],
    "agenda": COLUMNS["agenda"],
    "away": COLUMNS["away"],
    "team": COLUMNS["team"],
    "other": COLUMNS["other"],
    "super": COLUMNS["super"],
}
SHARING = """
me                                | Only me                                               | s . . . . . . . .
named                             | Me and my main person                                 | s s . . . . . . .
walking                           | The people who walk with me                           | s s s s . . . . .
team                              | My team                                               | s s s s s . . . .
me see                            | Only me; one is let in by name                        | s . s . . . . . .
named suggest                     | My main person; one is let in by name, and may add    | s s s . . . . . .
named over                        | My main person; one was let in until yesterday        | s s . . . . . . .
named taken_back                  | My main person; one was let in, and that was taken back | s s . . . . . . .
team shut                         | My team; one is shut out by name                      | s s . s s . . . .
named see shut                    | My main person; one is let in, and shut out too       | s s . . . . . . .
team shut_main                    | My team; the main person is shut out by name          | s . s s s . . . .
team opened                       | My team; one was shut out, and let back in            | s s s s s . . . .
team entry_me                     | My team; but these words for me alone                 | s . . . . . . . .
team entry_named                  | My team; but these words for my main person           | s s . . . . . . .
team entry_walking                | My team; but these words for those who walk with me   | s s s s . . . . .
team entry_kept                   | My team; but these words not for one of them, by name | s s . s s . . . .
team entry_let_in                 | My team; but these words for me and one by name       | s . s . . . . . .
team entry_until                  | My team; but these words for me and one until tomorrow | s . s . . . . . .
team entry_over                   | My team; but these words for me, and one until yesterday | s . . . . . . . .
team entry_kept_until             | My team; but these words not for one, though a day was said for it | s s . s s . . . .
me entry_let_in                   | Only me; though these words name one as well          | s . . . . . . . .
me entry_team                     | Only me; though these words say “my team”             | s . . . . . . . .
me sector                         | Only me; a sector is let in                           | s s . . s . s . .
named sector                      | My main person; a sector is let in                    | s s . . s . s . .
named sector_over                 | My main person; a sector was let in until yesterday   | s s . . . . . . .
named sector_stopped              | My main person; a sector was let in, and all were stopped | s s . . . . . . .
named organisation                | My main person; one organisation is let in            | s s s . . . . . .
named organisation shut_organisation | My main person; one organisation is let in, and shut out too | s s . . . . . . .
named sector shut_sector          | My main person; a sector is let in, and shut out too  | s . . . . . . . .
team shut_organisation            | My team; one organisation is shut out                 | s s . s s . . . .
named sector entry_named          | A sector is let in; but these words for my main person | s s . . . . . . .
named sector stepped_out          | A sector is let in; and I have stepped out            | s . . . . . . . .
team away_let_in                  | My team; one who walks with me is kept away from it all | s s . s s . . . .
team away_agenda                  | My team; one of the team is kept away from all of it  | s s s s . . . . .
me see away_let_in                | Only me; one is let in, and kept away from all of it  | s . . . . . . . .
me entry_let_in away_let_in       | The same, and these words name them                   | s . . . . . . . .
named sector away_main            | A sector is let in; my main person is of it, and away | s . . . s . s . .
team away_let_in back_let_in      | My team; one was kept away from all of it, and let back | s s s s s . . . .
team stepped_out                  | My team; and I have stepped out                       | s . . . . . . . .
"""


def rows(text: str) -> dict[str, tuple[str, list[str]]]:
    """By key: the words of a row, and its letters."""
    found = {}
    for line in text.strip().splitlines():
        if not line.startswith("="):
            key, words, letters = line.split("|")
            found[key.strip()] = (words.rstrip().removeprefix(" "), letters.split())
    return found


def cells(text: str, columns: list[str]) -> dict[tuple[str, str], str]:
    """By key and column: the letter."""
    return {
        (key, column): letters[columns.index(column)]
        for key, (_words, letters) in rows(text).items()
        for column in columns
    }


def printed() -> str:
    """The whole table as it stands in the documents."""
    parts = [
        "# Who sees what",
        "Printed from `tests/matrix/table.py`; the tests hold every page to it, for every column. Do not edit it here:",
        "change the table, then run `python -m tests.matrix.table`.",
        "",
        "Letters: " + "; ".join(f"**{letter}** {words}" for letter, words in LEGEND.items()) + ".",
        "",
        *_columns(COLUMNS),
        "## Pages and presses",
        "A press (a line that is set in) sends a form as it is usually filled in.",
        "",
        *_table(PAGES, len(COLUMNS)),
        "## Words, wherever they might be shown",
        "**s**: shown on at least one page that this viewer can open. A dot: nowhere at all.",
        "",
        *_table(SECRETS, len(COLUMNS)),
        "## The person chooses who sees “How things are”",
        "**s**: shown on the plan, in what has changed, and on the copy. A dot: on no page.",
        "",
        *_columns(SHARING_COLUMNS),
        *_table(SHARING, len(SHARING_COLUMNS)),
        "## Pages for anybody",
        "Columns: nobody is signed in, the person, a member of the team.",
        "",
        *_table(FOR_ANYBODY, 3),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _columns(columns: dict[str, str]) -> list[str]:
    return ["Columns:", "", *(f"{number}. {words}" for number, words in enumerate(columns.values(), 1)), ""]


def _table(text: str, width: int) -> list[str]:
    head = [f"| | {' | '.join(str(number + 1) for number in range(width))} |", f"|---|{':-:|' * width}"]
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith("="):
            lines += ["", f"### {line[1:].strip()}", "", *head]
            continue
        if not lines:
            lines += head
        _key, words, letters = line.split("|")
        words = words.rstrip().removeprefix(" ")
        words = f"… {words.strip()}" if words.startswith("  ") else words
        lines.append(f"| {words} | {' | '.join(letters.split())} |")
    return [*lines, ""]


if __name__ == "__main__":
    from pathlib import Path

    (Path(__file__).parents[2] / "docs" / "who-sees-what.md").write_text(printed())
