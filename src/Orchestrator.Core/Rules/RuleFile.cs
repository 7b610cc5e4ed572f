using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A <c>NAME.rules.yaml</c>: a Prometheus rule file, with a <c>then</c> where a rule knows what to do.</summary>
/// <param name="Source">The file it was read from, to locate what checks find later.</param>
public sealed record RuleFile(ImmutableArray<RuleGroup> Groups, YamlFile Source)
{
    public static Parsed<RuleFile> Read(string path, string text) => RuleReader.Read(path, text);
}

/// <summary>Rules that are evaluated together, in their order.</summary>
/// <param name="Interval">Absent where the file leaves it to the default of one minute.</param>
/// <param name="Model">Default label of the group's alerts and scope of <c>when</c>.</param>
public sealed record RuleGroup(string Name, TimeSpan? Interval, string? Model, ImmutableArray<Rule> Rules)
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);

    /// <summary>How far back the evaluation looks, as Prometheus's <c>query_offset</c>.</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>How long a sample without an end of validity counts.</summary>
    public TimeSpan? Lookback { get; init; }

    /// <summary>Alerts of a rule, or series it records, above which it has failed; 0 for none.</summary>
    public int Limit { get; init; }

    /// <summary>Whether the group is evaluated when a batch is committed as well, beside its grid.</summary>
    public bool OnData { get; init; } = true;

    /// <summary>Added to what every rule of the group gives; a rule's own labels win.</summary>
    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>What templates see as <c>$externalLabels</c>.</summary>
    public Labels ExternalLabels { get; init; } = Labels.Empty;

    /// <summary>What templates see as <c>$externalURL</c>.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>The instants of the group's grid: multiples of its interval since the Unix epoch.</summary>
    public MonitorSchedule Schedule => new MonitorSchedule.Every(Interval ?? DefaultInterval);

    /// <summary>What stands for a group that is in no file any more: evaluated once, it ends what the group's rules left behind.</summary>
    public static RuleGroup Removed(string name) => new(name, null, null, []);

    /// <summary>Whether a rule reads one of these series, or does not say which it reads.</summary>
    public bool MayRead(IEnumerable<string> series) => GroupReads.Names(this) is not { } read || series.Any(read.Contains);

    /// <summary>Evaluates the rules in order at an instant, in microseconds since the epoch; a rule sees what those before it wrote.</summary>
    public GroupEvaluation Evaluate(RuleGroupState state, SeriesSnapshot snapshot, long asOf) => new GroupRun(this, state, snapshot, asOf).Evaluate();
}

/// <summary>A predicate or a formula over series, with the place it was read from.</summary>
/// <param name="Text">PromQL; what <c>when</c> stands for where that was written.</param>
public sealed record RuleExpression(string Text, Expr Root);

/// <summary>One rule of a group.</summary>
public abstract record Rule
{
    private Rule(string name, RuleExpression expression)
    {
        Name = name;
        Expression = expression;
    }

    public string Name { get; }

    public RuleExpression Expression { get; init; }

    /// <summary>Records what an expression gives as a series of this name.</summary>
    public sealed record Recording(string Name, RuleExpression Expression, Labels Labels) : Rule(Name, Expression);

    /// <summary>Raises an alert for each label set for which an expression holds.</summary>
    public sealed record Alerting(string Name, RuleExpression Expression) : Rule(Name, Expression)
    {
        /// <summary>How long it has to hold before the alert fires.</summary>
        public TimeSpan For { get; init; }

        /// <summary>On how many measurements in a row it has to hold before the alert fires.</summary>
        public int Measurements { get; init; } = 1;

        /// <summary>How long the alert goes on firing after it no longer holds.</summary>
        public TimeSpan KeepFiringFor { get; init; }

        public ImmutableSortedDictionary<string, Template> Labels { get; init; } = ImmutableSortedDictionary<string, Template>.Empty;

        public ImmutableSortedDictionary<string, Template> Annotations { get; init; } = ImmutableSortedDictionary<string, Template>.Empty;

        /// <summary>A firing alert stays until this holds for it.</summary>
        public RuleExpression? Clear { get; init; }

        public NoData NoData { get; init; }

        /// <summary>Samples measured on fewer rows do not count.</summary>
        public int MinRows { get; init; }

        public string? Owner { get; init; }

        public RuleMode Mode { get; init; }

        /// <summary>What to propose when the alert fires; none where people only want to know.</summary>
        public FixTemplate? Then { get; init; }
    }
}

/// <summary>What becomes of an alert whose series are not there.</summary>
public enum NoData
{
    /// <summary>It resolves, as in Prometheus.</summary>
    Resolve,

    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>It counts as holding.</summary>
    Fire,
}

/// <summary>Whether a rule acts.</summary>
public enum RuleMode
{
    Active,

    /// <summary>Alerts are recorded, nothing is proposed.</summary>
    Shadow,
}
