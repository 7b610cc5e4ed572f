using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class FixPlanTests
{
    [Fact]
    public void The_hash_is_that_of_the_projection_written_by_hand()
    {
        // printf '%s' '{"base":{"digits-train":"v1"},"candidates":"c-1","definition":"{\u0022root\u0022:{\u0022type\u0022:\u0022Elsa.Flowchart\u0022}}",
        // "finding":"f-1","inputs":{"dataset":"digits-train","label_budget":180},"limits":{"Dataset":"digits-train","Operations":["relabel"],
        // "CandidateRows":180,"LabelBudget":225},"revision":"r-1","rule":"LabelErrors","segment":"ink = \u0027q4\u0027"}' | sha256sum, in one line
        Assert.Equal("24b49ea9c6b015cd012f54e44d4c9f3d996402fc8ca88ac8684bf959dd5ff6b0", FixStory.Plan.Sha256);
    }

    [Fact]
    public void Whatever_changes_what_would_be_done_changes_the_hash()
    {
        var plan = FixStory.Plan;
        FixPlan[] others =
        [
            plan with { FindingId = "f-2" },
            plan with { Rule = "ClassDrift" },
            plan with { Revision = "r-2" },
            plan with { NormalisedDefinition = "{}" },
            plan with { Inputs = FixStory.Inputs("""{"dataset":"digits-train","label_budget":181}""") },
            plan with { Inputs = FixStory.Inputs("""{"dataset":"digits-train","labels":180}""") },
            plan with { Evidence = plan.Evidence with { BaseVersions = FixStory.Versions("v2") } },
            plan with { Evidence = plan.Evidence with { Candidates = "c-2" } },
            plan with { Evidence = plan.Evidence with { Segment = null } },
            plan with { Evidence = plan.Evidence with { Segment = plan.Evidence.Segment! with { Predicate = "ink = 'q3'" } } },
            plan with { Limits = plan.Limits with { Dataset = null } },
            plan with { Limits = plan.Limits with { Operations = ["relabel", "drop"] } },
            plan with { Limits = plan.Limits with { CandidateRows = 181 } },
            plan with { Limits = plan.Limits with { LabelBudget = null } },
        ];

        Assert.Equal(others.Length + 1, others.Append(plan).Select(other => other.Sealed().Sha256).Distinct().Count());
    }

    [Fact]
    public void How_it_looks_and_what_is_said_about_it_does_not_enter_the_hash()
    {
        var plan = FixStory.Plan;
        FixPlan[] same =
        [
            plan with { Definition = """{"root":{"type":"Elsa.Flowchart"},"layout":[30,40]}""" },
            plan with { Prediction = new PredictedEffect(null, null, null, "not computed") },
            plan with { Undo = "by hand" },
            plan with { Evidence = plan.Evidence with { Numbers = [new Evidence("data_label_error_ratio", 0.21, 900, [])] } },
            plan with { Evidence = plan.Evidence with { Segment = plan.Evidence.Segment! with { PValue = 0.002, Effect = 0.6 } } },
            plan with { Inputs = FixStory.Inputs("""{"label_budget":180,  "dataset":"digits-train"}""") },
        ];

        Assert.All(same, other => Assert.Equal(plan.Sha256, other.Sealed().Sha256));
    }
}
