"""The dictionaries whose numbers and names never change."""

from django.db import migrations

RESOURCE_TYPES = (
    (0, "other", "text"),
    (1, "lecture", "video"),
    (2, "tutorial", "text"),
    (3, "informational", "text"),
    (4, "problem", "text"),
    (5, "exam", "text"),
    (6, "wiki", "text"),
    (7, "forum", "text"),
    (8, "profile", "text"),
    (9, "index", "text"),
    (10, "book", "text"),
    (11, "survey", "text"),
    (12, "home", "text"),
    (13, "course", "container"),
    (14, "chapter", "container"),
    (15, "section", "container"),
    (16, "unit", "container"),
    (17, "lecture", "text"),
    (18, "problem", "interactive"),
)
PROBLEM_TYPES = ((1, "homework"), (2, "lecture quiz"), (3, "lab"), (4, "exam"), (5, "other"))
COLLABORATION_TYPES = (
    (1, "forum_post"),
    (2, "forum_answer"),
    (3, "forum_comment"),
    (4, "forum_vote"),
    (5, "wiki_edit"),
)
USER_TYPES = (
    (1, "Administrator"),
    (2, "Instructor"),
    (3, "Teaching Staff"),
    (4, "Student"),
    (5, "Blocked"),
    (6, "Student Access"),
    (7, "Community TA"),
    (8, "School Administrator"),
    (9, "Student (Forum Banned)"),
)


def fill(apps, schema_editor):
    """Write the fixed rows, and the counter that writers share."""
    alias = schema_editor.connection.alias
    for model_name, rows in (
        ("ResourceType", RESOURCE_TYPES),
        ("ProblemType", PROBLEM_TYPES),
        ("CollaborationType", COLLABORATION_TYPES),
        ("UserType", USER_TYPES),
        ("DatabaseFact", (("generation", "0"),)),
    ):
        model = apps.get_model("openedx_moocdb", model_name)
        objects = model.objects.using(alias)
        objects.bulk_create([model(*row) for row in rows], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("openedx_moocdb", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
