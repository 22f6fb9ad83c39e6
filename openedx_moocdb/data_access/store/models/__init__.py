"""All Django models, by mode; the tables that ``schema.rows`` describes and our own."""

from openedx_moocdb.data_access.store.models.collaborating import Collaboration, CollaborationType
from openedx_moocdb.data_access.store.models.course import Block, Course, CourseTreeVersion
from openedx_moocdb.data_access.store.models.features import LongitudinalFeature, UserLongitudinalFeatureValue
from openedx_moocdb.data_access.store.models.feedback import Answer, Feedback, Question, Survey
from openedx_moocdb.data_access.store.models.observing import (
    Agent,
    ClickEvent,
    ObservedEvent,
    ObservedEventType,
    Os,
    Resource,
    ResourceType,
    ResourceUrl,
    Step,
    Url,
    Visit,
)
from openedx_moocdb.data_access.store.models.operations import (
    CurationDecision,
    DatabaseFact,
    ImportFile,
    QuarantinedLine,
)
from openedx_moocdb.data_access.store.models.people import (
    LearnerLink,
    LearnerStateRecord,
    RetiredLearner,
    User,
    UserType,
)
from openedx_moocdb.data_access.store.models.submitting import Assessment, Problem, ProblemType, Submission

__all__ = [
    "Agent",
    "Answer",
    "Assessment",
    "Block",
    "ClickEvent",
    "Collaboration",
    "CollaborationType",
    "Course",
    "CourseTreeVersion",
    "CurationDecision",
    "DatabaseFact",
    "Feedback",
    "ImportFile",
    "LearnerLink",
    "LearnerStateRecord",
    "LongitudinalFeature",
    "ObservedEvent",
    "ObservedEventType",
    "Os",
    "Problem",
    "ProblemType",
    "QuarantinedLine",
    "Question",
    "Resource",
    "ResourceType",
    "ResourceUrl",
    "RetiredLearner",
    "Step",
    "Submission",
    "Survey",
    "Url",
    "User",
    "UserLongitudinalFeatureValue",
    "UserType",
    "Visit",
]
