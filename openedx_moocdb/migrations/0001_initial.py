from django.db import migrations, models

import openedx_moocdb.data_access.store.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agent",
            fields=[
                (
                    "agent_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the name.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "agent_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: family and version of the browser or app."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_agent",
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "answer_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the text.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "answer_content",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the answer as given."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_answers",
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "block_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the usage key.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "usage_key",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: canonical usage key; deprecated ones have no run."
                    ),
                ),
                (
                    "block_type",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: type in the usage key."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_blocks",
            },
        ),
        migrations.CreateModel(
            name="CollaborationType",
            fields=[
                (
                    "collaboration_type_id",
                    models.IntegerField(help_text="Fixed number.", primary_key=True, serialize=False),
                ),
                (
                    "collaboration_type_name",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Fixed name.", max_length=45
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_collaboration_types",
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "course_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the course key.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "course_key",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: canonical course key."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_courses",
            },
        ),
        migrations.CreateModel(
            name="DatabaseFact",
            fields=[
                (
                    "fact_name",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Name of the fact.", max_length=64, primary_key=True, serialize=False
                    ),
                ),
                (
                    "fact_value",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(help_text="Its value."),
                ),
            ],
            options={
                "db_table": "moocdb_database_facts",
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "file_id",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: hash of the first bytes.",
                        max_length=128,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "path",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: where the file was last."
                    ),
                ),
                (
                    "offset",
                    models.BigIntegerField(help_text="Derived: bytes of plain text that are committed."),
                ),
                ("lines", models.BigIntegerField(help_text="Derived: lines that are committed.")),
                ("is_complete", models.BooleanField(help_text="Derived: the end of the file was reached.")),
                (
                    "tail",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        default="",
                        help_text="Derived: length and hash of the last committed line.",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_import_files",
            },
        ),
        migrations.CreateModel(
            name="LearnerStateRecord",
            fields=[
                (
                    "learner_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym of the learner, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "last_key",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of the last step folded, 16 bytes.", null=True
                    ),
                ),
                ("state", models.BinaryField(default=b"", help_text="Derived: state of the fold; opaque.")),
                (
                    "is_dirty",
                    models.BooleanField(
                        db_index=True,
                        default=False,
                        help_text="Derived: steps were stored that the fold has not seen.",
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_learner_state",
            },
        ),
        migrations.CreateModel(
            name="LongitudinalFeature",
            fields=[
                (
                    "longitudinal_feature_id",
                    models.IntegerField(help_text="Fixed number.", primary_key=True, serialize=False),
                ),
                (
                    "longitudinal_feature_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(help_text="Fixed name."),
                ),
                (
                    "longitudinal_feature_description",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="What it measures, in which unit."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_longitudinal_features",
            },
        ),
        migrations.CreateModel(
            name="ObservedEventType",
            fields=[
                (
                    "observed_event_type_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the name.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "observed_event_type_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: canonical name of the event type."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_observed_event_types",
            },
        ),
        migrations.CreateModel(
            name="Os",
            fields=[
                (
                    "os_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the name.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "os_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: family of the operating system."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_os",
            },
        ),
        migrations.CreateModel(
            name="ProblemType",
            fields=[
                (
                    "problem_type_id",
                    models.IntegerField(help_text="Fixed number.", primary_key=True, serialize=False),
                ),
                (
                    "problem_type_name",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Fixed name.", max_length=45
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_problem_types",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "question_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of form and question.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "question_content",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the question, else its id."
                    ),
                ),
                (
                    "question_reference",
                    models.BigIntegerField(help_text="Stated: what it is about, a block id.", null=True),
                ),
                ("survey_id", models.BigIntegerField(help_text="Stated: see surveys.", null=True)),
                ("question_type", models.IntegerField(help_text="Curated: type of the question.", null=True)),
            ],
            options={
                "db_table": "moocdb_questions",
            },
        ),
        migrations.CreateModel(
            name="ResourceType",
            fields=[
                (
                    "resource_type_id",
                    models.IntegerField(help_text="Fixed number.", primary_key=True, serialize=False),
                ),
                (
                    "resource_type_content",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Fixed: lecture, problem, forum…", max_length=20
                    ),
                ),
                (
                    "resource_type_medium",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Fixed: video, text…", max_length=20
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_resource_types",
            },
        ),
        migrations.CreateModel(
            name="ResourceUrl",
            fields=[
                (
                    "resources_urls_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the pair.", primary_key=True, serialize=False
                    ),
                ),
                ("resource_id", models.BigIntegerField(help_text="Derived: see resources.")),
                ("url_id", models.BigIntegerField(help_text="Derived: see urls.")),
            ],
            options={
                "db_table": "moocdb_resources_urls",
            },
        ),
        migrations.CreateModel(
            name="RetiredLearner",
            fields=[
                (
                    "learner_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym of the learner, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "retired_at",
                    openedx_moocdb.data_access.store.models.fields.TimeField(help_text="Derived: when, UTC."),
                ),
            ],
            options={
                "db_table": "moocdb_retired_learners",
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "survey_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of its block.", primary_key=True, serialize=False
                    ),
                ),
                ("block_id", models.BigIntegerField(help_text="Stated: its block, see blocks.", null=True)),
                (
                    "survey_start_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: start, UTC.", null=True
                    ),
                ),
                (
                    "survey_end_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: end, UTC.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_surveys",
            },
        ),
        migrations.CreateModel(
            name="Url",
            fields=[
                (
                    "url_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the URL.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "url",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: canonical URL."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_urls",
            },
        ),
        migrations.CreateModel(
            name="UserType",
            fields=[
                (
                    "user_type_id",
                    models.IntegerField(
                        help_text="Fixed number of the role.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "user_type_name",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Fixed name of the role.", max_length=45
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_user_types",
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "assessment_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of event and part, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "submission_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: see submissions."
                    ),
                ),
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: the event that tells the grade, 16 bytes."
                    ),
                ),
                (
                    "assessment_feedback",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the grader's words or the hint shown.", null=True
                    ),
                ),
                ("assessment_grade", models.FloatField(help_text="Stated: 0..1.", null=True)),
                ("assessment_points", models.FloatField(help_text="Stated: points given.", null=True)),
                ("assessment_max_points", models.FloatField(help_text="Stated: points possible.", null=True)),
                (
                    "assessment_grader_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the grader; empty: the platform.", null=True
                    ),
                ),
                (
                    "assessment_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the grade, UTC."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the event.", null=True)),
            ],
            options={
                "db_table": "moocdb_assessments",
                "indexes": [
                    models.Index(fields=["submission_id"], name="moocdb_assessments_submission"),
                    models.Index(fields=["observed_event_id"], name="moocdb_assessments_event"),
                    models.Index(fields=["assessment_grader_id"], name="moocdb_assessments_grader"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClickEvent",
            fields=[
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: the event, 16 bytes.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner.", null=True
                    ),
                ),
                ("video_id", models.BigIntegerField(help_text="Stated: block of the video, see blocks.")),
                (
                    "observed_event_type_id",
                    models.BigIntegerField(help_text="Stated: see observed_event_types."),
                ),
                (
                    "observed_event_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the act, UTC."
                    ),
                ),
                (
                    "code",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the player's code of the video.", null=True
                    ),
                ),
                (
                    "video_current_time",
                    models.FloatField(help_text="Stated: position, seconds of the video.", null=True),
                ),
                (
                    "video_old_time",
                    models.FloatField(help_text="Stated: position before a seek, seconds.", null=True),
                ),
                (
                    "video_new_time",
                    models.FloatField(help_text="Stated: position after a seek, seconds.", null=True),
                ),
                (
                    "video_old_speed",
                    models.FloatField(help_text="Stated: speed before a change, a factor.", null=True),
                ),
                (
                    "video_new_speed",
                    models.FloatField(help_text="Stated: speed after a change, a factor.", null=True),
                ),
                (
                    "video_duration_s",
                    models.FloatField(help_text="Stated: length of the video, seconds.", null=True),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the event.", null=True)),
            ],
            options={
                "db_table": "moocdb_click_events",
                "indexes": [models.Index(fields=["video_id"], name="moocdb_clicks_video")],
            },
        ),
        migrations.CreateModel(
            name="Collaboration",
            fields=[
                (
                    "collaboration_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the document's id, else of the event's key.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: the event, 16 bytes; empty for a document.", null=True
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner.", null=True
                    ),
                ),
                ("collaboration_type_id", models.IntegerField(help_text="Stated: see collaboration_types.")),
                (
                    "collaboration_content",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the text.", null=True
                    ),
                ),
                (
                    "collaboration_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the act, UTC."
                    ),
                ),
                (
                    "collaboration_parent_id",
                    models.BigIntegerField(help_text="Stated: what it answers or votes on.", null=True),
                ),
                ("is_truncated", models.BooleanField(help_text="Stated: the platform cut the text.")),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the event.", null=True)),
            ],
            options={
                "db_table": "moocdb_collaborations",
                "indexes": [
                    models.Index(fields=["user_id"], name="moocdb_collaborations_user"),
                    models.Index(fields=["observed_event_id"], name="moocdb_collaborations_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseTreeVersion",
            fields=[
                (
                    "course_version_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of course key and start of validity.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Stated: dictionary id of the course.")),
                ("valid_from_us", models.BigIntegerField(help_text="Stated: microseconds since 1970 UTC.")),
                (
                    "version",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: hash of the blocks.", max_length=64
                    ),
                ),
                ("tree", models.BinaryField(help_text="Stated: the version, MessagePack, zlib.")),
            ],
            options={
                "db_table": "moocdb_course_versions",
                "indexes": [
                    models.Index(fields=["course_id", "valid_from_us"], name="moocdb_versions_course")
                ],
            },
        ),
        migrations.CreateModel(
            name="CurationDecision",
            fields=[
                (
                    "decision_id",
                    models.BigAutoField(help_text="Running number.", primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Curated: place, name, type, week, release or deadline.", max_length=16
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Curated: course it is about.", null=True)),
                ("block_id", models.BigIntegerField(help_text="Curated: block it is about.", null=True)),
                (
                    "resource_id",
                    models.BigIntegerField(help_text="Curated: resource it is about.", null=True),
                ),
                (
                    "decision",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Curated: the new value, JSON."
                    ),
                ),
                (
                    "previous",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Derived: the value before, JSON.", null=True
                    ),
                ),
                (
                    "decided_by",
                    models.BigIntegerField(help_text="Stated: LMS user id; empty for a file.", null=True),
                ),
                (
                    "decided_at",
                    openedx_moocdb.data_access.store.models.fields.TimeField(help_text="Stated: when, UTC."),
                ),
                (
                    "undone_at",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: when it was undone, UTC.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_curation_decisions",
                "indexes": [models.Index(fields=["course_id", "block_id"], name="moocdb_decisions_block")],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "feedback_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of event and question, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: the event, 16 bytes."
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner.", null=True
                    ),
                ),
                ("question_id", models.BigIntegerField(help_text="Stated: see questions.")),
                ("answer_id", models.BigIntegerField(help_text="Stated: see answers.")),
                (
                    "feedback_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the act, UTC."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the event.", null=True)),
            ],
            options={
                "db_table": "moocdb_feedbacks",
                "indexes": [
                    models.Index(fields=["user_id"], name="moocdb_feedbacks_user"),
                    models.Index(fields=["observed_event_id"], name="moocdb_feedbacks_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearnerLink",
            fields=[
                (
                    "link_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym by name, else by id, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "learner_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym by LMS user id, 16 bytes."
                    ),
                ),
                (
                    "site",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: name of the platform's site.", max_length=64
                    ),
                ),
                ("lms_user_id", models.BigIntegerField(help_text="Stated: the LMS' number of the user.")),
            ],
            options={
                "db_table": "moocdb_learner_links",
                "indexes": [models.Index(fields=["learner_id"], name="moocdb_links_learner")],
            },
        ),
        migrations.CreateModel(
            name="ObservedEvent",
            fields=[
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: key of the event, 16 bytes, sorts by time.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner; empty for anonymous traffic.", null=True
                    ),
                ),
                (
                    "observed_event_type_id",
                    models.BigIntegerField(help_text="Stated: see observed_event_types."),
                ),
                (
                    "observed_event_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the act, UTC, microseconds."
                    ),
                ),
                (
                    "event_source",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: browser, server, mobile, task or empty.", max_length=32
                    ),
                ),
                (
                    "session_id",
                    models.BigIntegerField(help_text="Stated: 63-bit hash of the session.", null=True),
                ),
                (
                    "observed_event_country",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: ISO 3166-1 alpha-2 code of the address, which is not kept.",
                        max_length=3,
                        null=True,
                    ),
                ),
                ("observed_event_os", models.BigIntegerField(help_text="Stated: see os.", null=True)),
                ("observed_event_agent", models.BigIntegerField(help_text="Stated: see agent.", null=True)),
                (
                    "stated_course_id",
                    models.BigIntegerField(help_text="Stated: course that the event names.", null=True),
                ),
                (
                    "stated_url_id",
                    models.BigIntegerField(
                        help_text="Stated: page that the event names, see urls.", null=True
                    ),
                ),
                (
                    "stated_panel",
                    models.BigIntegerField(
                        help_text="Stated: 1-based unit in the section; below 0 only a tree can tell.",
                        null=True,
                    ),
                ),
                (
                    "block_id",
                    models.BigIntegerField(help_text="Stated: block acted on, see blocks.", null=True),
                ),
                (
                    "step_kind",
                    models.SmallIntegerField(
                        help_text="Stated: what the event does to the place (StepKind)."
                    ),
                ),
                (
                    "play_left_s",
                    models.FloatField(
                        help_text="Stated: seconds of playback left; 0 stops it, -1 is an unknown rest.",
                        null=True,
                    ),
                ),
                (
                    "position_s",
                    models.FloatField(
                        help_text="Stated: position in the video, in seconds of it.", null=True
                    ),
                ),
                (
                    "redundancy_class",
                    models.SmallIntegerField(help_text="Stated: which copy of an act it is (Redundancy)."),
                ),
                (
                    "is_canonical",
                    models.BooleanField(
                        help_text="Stated: the one row to count of an act that is told twice."
                    ),
                ),
                ("is_truncated", models.BooleanField(help_text="Stated: the platform cut the payload.")),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the place.", null=True)),
                (
                    "url_id",
                    models.BigIntegerField(help_text="Derived: URL of the place, see urls.", null=True),
                ),
                ("resource_id", models.BigIntegerField(help_text="Derived: see resources.", null=True)),
                ("unit_id", models.BigIntegerField(help_text="Derived: block id of the unit.", null=True)),
                (
                    "panel",
                    models.BigIntegerField(
                        help_text="Derived: 1-based number of the unit in its section.", null=True
                    ),
                ),
                (
                    "place_source",
                    models.SmallIntegerField(help_text="Derived: evidence of the place (PlaceSource)."),
                ),
                (
                    "gap_s",
                    models.FloatField(
                        help_text="Derived: seconds to the learner's next active event.", null=True
                    ),
                ),
                (
                    "observed_event_duration",
                    models.FloatField(help_text="Derived: seconds spent; unknown is empty.", null=True),
                ),
                (
                    "visit_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: see visits.", null=True
                    ),
                ),
                ("is_conflict", models.BooleanField(help_text="Derived: evidence of the place disagreed.")),
                (
                    "validity",
                    models.SmallIntegerField(
                        help_text="Curated: 1 valid, 0 not, empty when not judged.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_observed_events",
                "indexes": [
                    models.Index(fields=["user_id"], name="moocdb_events_user"),
                    models.Index(fields=["course_id", "observed_event_id"], name="moocdb_events_course"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "problem_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the name.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "problem_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: id of the problem or input."
                    ),
                ),
                (
                    "problem_parent_id",
                    models.BigIntegerField(help_text="Stated: the problem of an input.", null=True),
                ),
                (
                    "problem_child_number",
                    models.IntegerField(help_text="Stated: 1-based order of an input.", null=True),
                ),
                ("block_id", models.BigIntegerField(help_text="Stated: block of the problem, see blocks.")),
                ("problem_type_id", models.IntegerField(help_text="Derived: see problem_types.", null=True)),
                (
                    "problem_release_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: release, UTC.", null=True
                    ),
                ),
                (
                    "problem_soft_deadline",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: due date, UTC.", null=True
                    ),
                ),
                (
                    "problem_hard_deadline",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: due date, UTC; a grace period is not known.",
                        null=True,
                    ),
                ),
                (
                    "problem_max_submission",
                    models.IntegerField(help_text="Stated in the course tree: attempts.", null=True),
                ),
                (
                    "problem_weight",
                    models.FloatField(help_text="Stated in the course tree: points.", null=True),
                ),
                (
                    "problem_week",
                    models.IntegerField(
                        help_text="Derived: course week, from 1, of the deadline, else of the release.",
                        null=True,
                    ),
                ),
                (
                    "resource_id",
                    models.BigIntegerField(
                        help_text="Derived: where the problem is, see resources.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_problems",
                "indexes": [models.Index(fields=["block_id"], name="moocdb_problems_block")],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedLine",
            fields=[
                (
                    "line_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: 16-byte hash of the line.", primary_key=True, serialize=False
                    ),
                ),
                ("line", models.BinaryField(help_text="Stated: the line as it came.")),
                (
                    "reason",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: why it was put aside.", max_length=64
                    ),
                ),
                (
                    "detail",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Derived: what was found and expected."
                    ),
                ),
                (
                    "file",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: where it came from."
                    ),
                ),
                (
                    "quarantined_at",
                    openedx_moocdb.data_access.store.models.fields.TimeField(help_text="Derived: when, UTC."),
                ),
            ],
            options={
                "db_table": "moocdb_quarantine",
                "indexes": [
                    models.Index(fields=["quarantined_at", "line_id"], name="moocdb_quarantine_time")
                ],
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "resource_id",
                    models.BigIntegerField(
                        help_text="Derived: 63-bit hash of the URI.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "resource_uri",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Derived: URL of the place and the module in it."
                    ),
                ),
                (
                    "resource_name",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Derived: display name in the course tree, else from the URI."
                    ),
                ),
                ("resource_type_id", models.IntegerField(help_text="Derived: see resource_types.")),
                (
                    "resource_parent_id",
                    models.BigIntegerField(help_text="Derived: the resource above.", null=True),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course in the URI.", null=True)),
                (
                    "resource_child_number",
                    models.IntegerField(help_text="Derived: 1-based order among siblings.", null=True),
                ),
                (
                    "resource_relevant_week",
                    models.IntegerField(help_text="Derived: course week, from 1.", null=True),
                ),
                (
                    "resource_release_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated in the course tree: release, UTC.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_resources",
                "indexes": [models.Index(fields=["course_id"], name="moocdb_resources_course")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "step_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: key of the event, 16 bytes, sorts by time.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner."
                    ),
                ),
                (
                    "step_kind",
                    models.SmallIntegerField(help_text="Stated: what the step does to the place (StepKind)."),
                ),
                (
                    "stated_course_id",
                    models.BigIntegerField(help_text="Stated: course that the event names.", null=True),
                ),
                (
                    "stated_url_id",
                    models.BigIntegerField(
                        help_text="Stated: page that the event names, see urls.", null=True
                    ),
                ),
                (
                    "device_id",
                    models.BigIntegerField(help_text="Stated: agent and system of the device.", null=True),
                ),
            ],
            options={
                "db_table": "moocdb_steps",
                "indexes": [models.Index(fields=["user_id"], name="moocdb_steps_user")],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "submission_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of event and input, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "observed_event_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: the event, 16 bytes."
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Stated: pseudonym of the learner.", null=True
                    ),
                ),
                ("problem_id", models.BigIntegerField(help_text="Stated: see problems.")),
                (
                    "submission_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: time of the act, UTC."
                    ),
                ),
                (
                    "submission_attempt_number",
                    models.IntegerField(help_text="Stated: from 1; empty when unknown.", null=True),
                ),
                (
                    "submission_answer",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: the answer as given, JSON if no text.", null=True
                    ),
                ),
                (
                    "submission_is_submitted",
                    models.SmallIntegerField(help_text="Stated: 0 saved, 1 submitted, 2 refused, 3 reset."),
                ),
                (
                    "redundancy_class",
                    models.SmallIntegerField(help_text="Stated: which copy of an act it is (Redundancy)."),
                ),
                (
                    "is_canonical",
                    models.BooleanField(
                        help_text="Stated: the one row to count of an act that is told twice."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the event.", null=True)),
                (
                    "validity",
                    models.SmallIntegerField(
                        help_text="Curated: 1 valid, 0 not, empty when not judged.", null=True
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_submissions",
                "indexes": [
                    models.Index(fields=["user_id"], name="moocdb_submissions_user"),
                    models.Index(fields=["problem_id"], name="moocdb_submissions_problem"),
                    models.Index(fields=["observed_event_id"], name="moocdb_submissions_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "user_row_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: 16-byte key of learner and course.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym of the learner, 16 bytes."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Stated: dictionary id of the course.")),
                ("user_type_id", models.IntegerField(help_text="Stated: role, see user_types.", null=True)),
                (
                    "user_gender",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: gender code of the profile.", max_length=8, null=True
                    ),
                ),
                (
                    "user_age_band",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: age in ten-year bands.", max_length=8, null=True
                    ),
                ),
                (
                    "user_education",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: level of education, code.", max_length=8, null=True
                    ),
                ),
                (
                    "user_country",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: ISO 3166-1 alpha-2 code.", max_length=3, null=True
                    ),
                ),
                (
                    "user_language",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: language code.", max_length=16, null=True
                    ),
                ),
                (
                    "user_mode",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Stated: enrolment mode.", max_length=32, null=True
                    ),
                ),
                (
                    "user_cohort",
                    openedx_moocdb.data_access.store.models.fields.ExactTextField(
                        help_text="Stated: name of the cohort.", null=True
                    ),
                ),
                ("user_final_grade", models.FloatField(help_text="Stated: course grade, 0..1.", null=True)),
                (
                    "user_grade_band",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: band of the grade.", max_length=8, null=True
                    ),
                ),
                (
                    "user_join_timestamp",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Stated: first enrolment, UTC.", null=True
                    ),
                ),
                (
                    "user_is_active",
                    models.BooleanField(help_text="Stated: still enrolled when read.", null=True),
                ),
                (
                    "read_at",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Derived: when the facts were read, UTC."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_users",
                "indexes": [
                    models.Index(fields=["course_id", "user_id"], name="moocdb_users_course"),
                    models.Index(fields=["user_id"], name="moocdb_users_user"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UserLongitudinalFeatureValue",
            fields=[
                (
                    "longitudinal_feature_value_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of feature, learner, course and week, 16 bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "longitudinal_feature_id",
                    models.IntegerField(help_text="Derived: see longitudinal_features."),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym of the learner."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course.")),
                ("longitudinal_feature_week", models.IntegerField(help_text="Derived: course week, from 1.")),
                (
                    "longitudinal_feature_value",
                    models.FloatField(help_text="Derived: in the feature's unit.", null=True),
                ),
                (
                    "date_of_extraction",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Derived: when it was computed, UTC."
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_user_longitudinal_feature_values",
                "indexes": [
                    models.Index(
                        fields=["course_id", "longitudinal_feature_id"], name="moocdb_feature_values_course"
                    ),
                    models.Index(fields=["user_id"], name="moocdb_feature_values_user"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "visit_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: key of the visit, 16 bytes.", primary_key=True, serialize=False
                    ),
                ),
                (
                    "user_id",
                    openedx_moocdb.data_access.store.models.fields.KeyField(
                        help_text="Derived: pseudonym of the learner."
                    ),
                ),
                ("course_id", models.BigIntegerField(help_text="Derived: course of the place.", null=True)),
                ("device_id", models.BigIntegerField(help_text="Derived: agent and system; 0 when unknown.")),
                ("url_id", models.BigIntegerField(help_text="Derived: URL of the place, see urls.")),
                ("unit_id", models.BigIntegerField(help_text="Derived: block id of the unit.", null=True)),
                (
                    "panel",
                    models.BigIntegerField(
                        help_text="Derived: 1-based number of the unit in its section.", null=True
                    ),
                ),
                (
                    "visit_start",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Derived: first event, UTC."
                    ),
                ),
                (
                    "visit_last",
                    openedx_moocdb.data_access.store.models.fields.TimeField(
                        help_text="Derived: last event, UTC."
                    ),
                ),
                (
                    "duration_s",
                    models.FloatField(
                        help_text="Derived: seconds; a lower bound when idle ended it.", null=True
                    ),
                ),
                ("events", models.IntegerField(help_text="Derived: number of events.")),
                (
                    "ended_by",
                    openedx_moocdb.data_access.store.models.fields.ExactCharField(
                        help_text="Derived: move, close, logout, idle or open.", max_length=8
                    ),
                ),
            ],
            options={
                "db_table": "moocdb_visits",
                "indexes": [
                    models.Index(fields=["user_id", "visit_start"], name="moocdb_visits_user"),
                    models.Index(fields=["course_id", "visit_start"], name="moocdb_visits_course"),
                ],
            },
        ),
    ]
