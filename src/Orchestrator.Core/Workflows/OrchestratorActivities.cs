using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Workflows;

/// <summary>The activities that repair data and models, run by the shell as effects.</summary>
public static class OrchestratorActivities
{
    private const string DataQuality = "Data quality";
    private const string Models = "Models";
    private const string People = "People";

    /// <summary>Model file and operator say how long a command may take; this bounds what they may say.</summary>
    private static readonly TimeSpan LongestCommand = TimeSpan.FromDays(7);

    private static readonly InputDescriptor Dataset = new("Dataset", ValueTypes.Text, "Name of the dataset.") { Required = true };
    private static readonly InputDescriptor Model = new("Model", ValueTypes.Text, "Name of the model.") { Required = true };

    public static ImmutableArray<ActivityDescriptor> All { get; } = [.. DataActivities(), .. ModelActivities(), .. PeopleActivities()];

    private static ImmutableArray<ActivityDescriptor> DataActivities() =>
    [
        new("Orchestrator.FindSuspects", "Find suspects", DataQuality, "Ranks the rows of a dataset version by how likely they are wrong.")
        {
            Inputs =
            [
                Dataset,
                new("Method", ValueTypes.Text, "How rows are ranked.")
                {
                    Default = Values.Element(RankingMethod.Default.Name), Options = [.. RankingMethod.All.Select(method => method.Name)],
                },
                new("Segment", ValueTypes.Text, "Only rows of this segment, as name='value'."),
                new("Budget", ValueTypes.Integer, "How many rows at most, in all rounds together.") { Required = true },
                new("Rounds", ValueTypes.Integer, "Over how many rounds the budget is spread; one where it is not given."),
                new("MinYield", ValueTypes.Number, "Share of the last round's answers that has to have changed the label for another round; any where it is not given."),
                new("Asked", ValueTypes.Integer, "Rows that rounds before have asked for."),
                new("Answered", ValueTypes.Integer, "Answers of the last round."),
                new("Changed", ValueTypes.Integer, "Labels that the last round changed."),
            ],
            Outputs =
            [
                new("Suspects", ValueTypes.Text, "Artifact with the ranked rows."),
                new("Count", ValueTypes.Integer, "How many rows it holds."),
                new("DatasetVersion", ValueTypes.Text, "The dataset version that was ranked."),
                new("HasAsked", ValueTypes.Boolean, "Whether rounds before have asked for rows."),
            ],
            Outcomes = ["Found", "None"],
        },
        new("Orchestrator.Relabel", "Relabel", DataQuality, "Opens a queue of rows to label and waits until people have answered or time is up.")
        {
            Inputs =
            [
                Dataset,
                new("Suspects", ValueTypes.Text, "Artifact with the rows to ask for.") { Required = true },
                new("Budget", ValueTypes.Integer, "How many rows at most; all where it is not given."),
                new("Deadline", ValueTypes.Duration, "How long to wait, as [d.]hh:mm:ss.") { Default = Values.Element(TimeSpan.FromDays(3)) },
            ],
            Outputs =
            [
                new("Patch", ValueTypes.Text, "Artifact with the changed labels."),
                new("Answered", ValueTypes.Integer, "How many rows were answered."),
                new("Changed", ValueTypes.Integer, "How many labels changed."),
                new("Asked", ValueTypes.Integer, "How many labels the workflow has asked for so far, in all its rounds."),
                new("Agreement", ValueTypes.Number, "Where several people answer each row: the share of pairs of answers that agree."),
                new("Kappa", ValueTypes.Number, "What of the agreement chance does not explain."),
            ],
            Outcomes = ["Done", "Timed out"],
        },
        new("Orchestrator.SelectRows", "Select rows", DataQuality, "Selects rows of another dataset that the dataset would gain most from, never one that models are compared on.")
        {
            Inputs =
            [
                Dataset,
                new("From", ValueTypes.Text, "The dataset that rows are taken from, such as what was served, or a pool.") { Required = true },
                new("Strategy", ValueTypes.Text, "What makes a row worth it; diverse where no model serves that could be uncertain.")
                {
                    Default = Values.Element("uncertain"), Options = ["uncertain", "diverse", "similar", "newest"],
                },
                new("Segment", ValueTypes.Text, "Only rows of this segment, as name='value'; of similar rows, the failing segment."),
                new("Budget", ValueTypes.Integer, "How many rows at most.") { Required = true },
            ],
            Outputs =
            [
                new("SelectedRows", ValueTypes.Text, "Artifact with the rows."),
                new("Count", ValueTypes.Integer, "How many rows it holds."),
                new("Unlabelled", ValueTypes.Integer, "How many of them people have to label."),
            ],
            Outcomes = ["Found", "Labelled", "None"],
        },
        new("Orchestrator.AwaitLabels", "Wait for labels", DataQuality, "Waits until the labels of enough rows have come that a model may learn from.")
        {
            Inputs =
            [
                Dataset,
                new("Rows", ValueTypes.Integer, "How many labelled rows are needed.") { Required = true },
                new("Deadline", ValueTypes.Duration, "How long to wait, as [d.]hh:mm:ss.") { Default = Values.Element(TimeSpan.FromDays(7)) },
            ],
            Outputs = [new("Labelled", ValueTypes.Integer, "How many rows are labelled.")],
            Outcomes = ["Done", "Timed out"],
            Expiry = new("Deadline", "Timed out"),
        },
        new("Orchestrator.RebuildDataset", "Rebuild dataset", DataQuality, "Changes the rows of a dataset and makes the result the current version.")
        {
            Inputs =
            [
                Dataset,
                new("Operation", ValueTypes.Text, "What is done; relabel, by a patch, where it is not given.")
                {
                    Options = ["relabel", "add", "window", "drop", "quarantine", "dedupe", "rebalance", "drop_feature"],
                },
                new("Patch", ValueTypes.Text, "Artifact with changed labels; of rows to add, the labels that people gave."),
                new("ConfirmedBy", ValueTypes.Text, "Who stands for the patch's labels: they are remembered, and their rows not asked for again."),
                new("SelectedRows", ValueTypes.Text, "Artifact with the rows to add, to drop or to quarantine."),
                new("Segment", ValueTypes.Text, "Rows to drop or to quarantine, as name='value', in place of an artifact."),
                new("Method", ValueTypes.Text, "Of rebalancing: down to the rarest class, or up to the most frequent.") { Options = ["down", "up"] },
                new("Feature", ValueTypes.Text, "The feature to drop."),
                new("From", ValueTypes.Text, "Of a window: the dataset whose newest labelled rows take the place of all rows."),
                new("Limit", ValueTypes.Integer, "Of a window: how many rows at most."),
                new("Window", ValueTypes.Duration, "Of a window: rows of this span of time, as [d.]hh:mm:ss, in place of a limit."),
            ],
            Outputs =
            [
                new("DatasetVersion", ValueTypes.Text, "The dataset version that was written."),
                new("Rows", ValueTypes.Integer, "How many rows it has."),
                new("Changed", ValueTypes.Integer, "How many rows differ from the version before."),
            ],
            HasCompensation = true,
        },
        new("Orchestrator.Query", "Query", DataQuality, "Evaluates an expression over the measured series.")
        {
            Inputs = [new("Expression", ValueTypes.Text, "A PromQL expression that gives one value.") { Required = true, UiHint = "multiline" }],
            Outputs =
            [
                new("Value", ValueTypes.Number, "The value."),
                new("HasValue", ValueTypes.Boolean, "Whether there was one."),
            ],
            Timeout = TimeSpan.FromMinutes(1),
        },
        new("Orchestrator.RunCommand", "Run command", DataQuality, "Runs a command that the operator named for workflows.")
        {
            Inputs =
            [
                new("Command", ValueTypes.Text, "Name of the command.") { Required = true },
                new("Arguments", ValueTypes.Texts, "Arguments after the operator's own, each passed as it stands.") { UiHint = "multitext" },
            ],
            Outputs =
            [
                new("Log", ValueTypes.Text, "Artifact with the last of what it printed."),
                new("Output", ValueTypes.Text, "The last lines that it printed."),
            ],
            Outcomes = ["Succeeded", ActivityDescriptor.FailureOutcome],
            Repetition = Repetition.ParkOnDoubt,
            Timeout = LongestCommand,
        },
    ];

    private static ImmutableArray<ActivityDescriptor> ModelActivities() =>
    [
        new("Orchestrator.Retrain", "Retrain", Models, "Trains a challenger.")
        {
            Inputs = [Model, Dataset, new("DatasetVersion", ValueTypes.Text, "The dataset version to train on; the current one where it is not given.")],
            Outputs =
            [
                new("Challenger", ValueTypes.Text, "Model version that was trained."),
                new("Digest", ValueTypes.Text, "Digest of its artifact."),
            ],
            Outcomes = ["Succeeded", ActivityDescriptor.FailureOutcome],
            Timeout = LongestCommand,
        },
        new("Orchestrator.Evaluate", "Evaluate", Models, "Scores champion and challenger on the same held-out rows.")
        {
            Inputs = [Model, Challenger()],
            Outputs =
            [
                new("Evaluation", ValueTypes.Text, "Artifact with the comparison."),
                new("Metric", ValueTypes.Number, "The challenger's metric."),
                new("Champion", ValueTypes.Number, "The champion's metric."),
            ],
        },
        new("Orchestrator.Gate", "Gate", Models, "Promotes, holds or rejects by stated conditions.")
        {
            Inputs = [Model, new("Evaluation", ValueTypes.Text, "Artifact with the comparison.") { Required = true }],
            Outputs =
            [
                new("Verdict", ValueTypes.Text, "Promote, Hold or Reject."),
                new("Reason", ValueTypes.Text, "Why, for the people who read it."),
            ],
            Outcomes = ["Promote", "Hold", "Reject"],
            Timeout = TimeSpan.FromMinutes(5),
        },
        new("Orchestrator.Promote", "Promote", Models, "Moves the champion alias to the gated artifact.")
        {
            Inputs = [Model, Challenger(), new("Digest", ValueTypes.Text, "Digest that was gated.") { Required = true }],
            Outputs = [new("Previous", ValueTypes.Text, "Model version that was champion before.")],
            HasCompensation = true,
            Timeout = TimeSpan.FromMinutes(5),
        },
        new("Orchestrator.Rollback", "Roll back", Models, "Moves the champion alias back to the version before.")
        {
            Inputs = [Model],
            Outputs = [new("Champion", ValueTypes.Text, "Model version that is champion now.")],
            Timeout = TimeSpan.FromMinutes(5),
        },
    ];

    private static ImmutableArray<ActivityDescriptor> PeopleActivities() =>
    [
        new("Orchestrator.Approval", "Approval", People, "Waits for a person's decision.")
        {
            Inputs =
            [
                new("Question", ValueTypes.Text, "What is to be decided.") { Required = true, UiHint = "multiline" },
                new("Approvers", ValueTypes.Texts, "Who may decide.") { Required = true, UiHint = "multitext" },
                new("Deadline", ValueTypes.Duration, "How long to wait, as [d.]hh:mm:ss.") { Default = Values.Element(TimeSpan.FromDays(3)) },
            ],
            Outcomes = ["Approved", "Rejected", "Expired"],
            Expiry = new("Deadline", "Expired"),
        },
        new("Orchestrator.Notify", "Notify", People, "Sends a message to a target that the operator named.")
        {
            Inputs =
            [
                new("Target", ValueTypes.Text, "Name of the target.") { Required = true },
                new("Message", ValueTypes.Text, "The message.") { Required = true, UiHint = "multiline" },
            ],
            Outcomes = ["Done", ActivityDescriptor.FailureOutcome],
            Repetition = Repetition.ParkOnDoubt,
            Timeout = TimeSpan.FromMinutes(5),
        },
    ];

    private static InputDescriptor Challenger() => new("Challenger", ValueTypes.Text, "Model version that may become champion.") { Required = true };
}
