"""The words of URLs that are kept: everything that is no key, number or name of the course.

A closed list: whoever types a URL may put anything into it, a name too. What is
not here becomes ``_``. Longer lists give finer names of requests, no other answers.
"""

from __future__ import annotations

from enum import Enum


class PageKind(str, Enum):
    """What sort of page it is; decides the resource type and how learners move."""

    COURSEWARE = "courseware"
    UNIT = "unit"
    HANDLER = "handler"
    FORUM = "forum"
    WIKI = "wiki"
    PROGRESS = "progress"
    INFO = "info"
    ABOUT = "about"
    BOOK = "book"
    TAB = "tab"
    INSTRUCTOR = "instructor"
    COURSE = "course"
    COURSE_API = "course api"
    JUMP = "jump"
    SITE = "site"
    ACCOUNT = "account"
    LOGOUT = "logout"
    API = "api"
    STATIC = "static"
    HEARTBEAT = "heartbeat"
    STUDIO = "studio"
    PREVIEW = "preview"
    NONE = "none"


#: first word behind a course: what it opens
COURSE_WORDS = {
    "info": PageKind.INFO,
    "home": PageKind.INFO,
    "course": PageKind.INFO,
    "updates": PageKind.INFO,
    "syllabus": PageKind.INFO,
    "dates": PageKind.INFO,
    "progress": PageKind.PROGRESS,
    "discussion": PageKind.FORUM,
    "discussions": PageKind.FORUM,
    "wiki": PageKind.WIKI,
    "course_wiki": PageKind.WIKI,
    "about": PageKind.ABOUT,
    "enroll": PageKind.ABOUT,
    "book": PageKind.BOOK,
    "pdfbook": PageKind.BOOK,
    "htmlbook": PageKind.BOOK,
    "instructor": PageKind.INSTRUCTOR,
    "instructor_dashboard": PageKind.INSTRUCTOR,
    "enroll_students": PageKind.INSTRUCTOR,
    "grade_summary": PageKind.INSTRUCTOR,
    "gradebook": PageKind.INSTRUCTOR,
    "staff_grading": PageKind.INSTRUCTOR,
    "submission_history": PageKind.INSTRUCTOR,
    "tab": PageKind.TAB,
}
COURSE_WORDS.update(
    dict.fromkeys(
        "announcements bookmarks calendar certificate completion course_dates course_survey "
        "courseware-search edxnotes external_discussion_forum file financial_assistance "
        "generate_user_cert goals handouts ical live lti lti_rest_endpoints mark_seen masquerade "
        "notes notification_prefs notifier open_ended_flagged_problems open_ended_notifications "
        "open_ended_problems outline peer_grading proctoring reviews search search_reindex "
        "set_course_mode_price sneakpeek student_profile survey take_action_on_flags teams verify "
        "view-certificate welcome xqueue yt_video_metadata".split(),
        PageKind.COURSE,
    )
)

#: words that forum, wiki, book and staff pages keep further behind; names of articles and of people are none
FORUM_WORDS = frozenset(
    "forum threads inline comments search users following followed posts topics my-posts learners "
    "category create reply update delete upload upvote downvote unvote follow unfollow endorse "
    "flagAbuse unFlagAbuse pin unpin close openclose".split()
)
WIKI_WORDS = frozenset(
    "_create _create-root _edit _delete _deleted _dir _history _preview _plugin _revision _search "
    "_settings _missing _source _change _get-url".split()
)
BOOK_WORDS = frozenset({"chapter"})
INSTRUCTOR_WORDS = frozenset({"api"})

#: first words outside any course
SITE_WORDS = frozenset(
    "dashboard courses about tos privacy honor help faq press contact jobs search explore register "
    "login_ajax change_enrollment account accounts u user_api notes change_email_settings "
    "change_email change_name change_setting password_reset password_reset_confirm activate "
    "create_account login login_and_registration user profile certificates verify_student commerce "
    "support event segmentio api oauth2 auth i18n networking survey notification_prefs courseware "
    "discussion discussions logout signin heartbeat notifier_api program programs learner bookmarks "
    "learning blog news donate terms copyright accessibility catalog course_modes shoppingcart "
    "sysadmin admin track rss feeds embargo lti lti_provider dark_lang update_lang email_confirm "
    "enrollments enterprise learner-dashboard learner-record records orders payment profile-images "
    "rate_limit register_ajax calc xqueue debug course home schools universities xblock authn consent "
    "ora-grading gradebook communications ccx wiki financial-assistance update_certificate theming "
    "verify".split()
)
ACCOUNT_WORDS = frozenset(
    "account accounts u user_api change_email change_name change_setting password_reset "
    "password_reset_confirm activate create_account login login_ajax login_and_registration register "
    "register_ajax user profile oauth2 auth authn email_confirm consent".split()
)

#: words of ``/api/<application>/v1/<resource>/…``
API_WORDS = frozenset(
    "agreements badges bookmarks bulk_email bulk_enroll ccx certificates cohorts comments commerce "
    "completion completion-batch content_tagging course course_experience course_goals course_home "
    "course_info course_metadata course_modes course_outline course_structure course_topics courses "
    "courseware credit dates demographics discounts discussion edx_proctoring embargo enroll "
    "enrollment enrollments entitlements event experiments grades grading_policy gradebook accounts "
    "authentication blocks blocks_info block_metadata assignments celebration handouts updates "
    "navigation instructor instructor_task ip learner_home learner_recommendations learning_sequences "
    "libraries lti mfe_config mobile my_user_info notifications offline_units organizations outline "
    "preferences proctored_exam attempt active_exams profile_images program_enrollments programs "
    "progress profile recommendations reset_course_deadlines dismiss_welcome_message save_course_goal "
    "salesforce_exports resume sequence sequence_metadata section subsection subsections support "
    "survey_report team team_membership teams theming third_party_auth third_party_auth_context "
    "threads toggles topics topic_membership tours unsubscribe user user_tours users val video videos "
    "video_summaries waffle xblock zendesk_proxy status submission_history registration "
    "verification_status verify_student edxnotes annotations search proctoring_info policy validation "
    "media mark-seen count read configurations preferences-unsubscribe edly extensions".split()
)

#: handlers of blocks, by the words of their URLs; those of a third party's blocks are ``_``
HANDLER_WORDS = frozenset(
    "xmodule_handler problem_check problem_get problem_save problem_show problem_reset hint_button "
    "input_ajax ungraded_response goto_position get_completion metadata next previous save_user_state "
    "transcript translation available_translations download yt_video_metadata publish_completion "
    "publish_event publish_interaction upload_problem problem ajax submit save_submission save_draft "
    "render_submission render_peer_assessment render_self_assessment render_staff_assessment "
    "render_student_training render_grade render_message render_leaderboard render_staff_info "
    "render_student_info render_staff_grade_form render_staff_grade_counts peer_assess self_assess "
    "staff_assess training_assess submit_feedback upload_url download_url remove_uploaded_file "
    "remove_all_uploaded_files save_files_descriptions list_staff_workflows get_student_username "
    "cancel_submission get_block_info get_block_learner_submission_data get_learner_data drop_item "
    "do_attempt reset show_answer student_view_user_state publish_attempt get_state vote get_results "
    "submit_answer student_view student_voted toggle_vote answer validate_answers get_data get_stats "
    "asset_upload grade_handler lti_2_0_result_rest_handler preview_handler outcome_service_handler "
    "result_service_handler lti_launch_handler lti_launch lti_resume_course save_answer save_grade "
    "save_assessment save_post_assessment save_calibration_essay get_status get_user_state "
    "get_next_submission show_calibration_essay is_student_calibrated next_problem "
    "skip_post_assessment get_html get_last_response get_instructions get_results_template "
    "store_answer get_legend get_combined_rubric upload save_problem problem_list log_feedback "
    "remove_file get_feedback view submission studio_submit edit load_state save_state "
    "student_completion_handler attempt_answer expand_outline set_completion submit_essay "
    "view_discussion discussion load_threads fetch_threads count search mark_complete handler_noauth".split()
)
