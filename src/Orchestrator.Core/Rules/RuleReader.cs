using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Reads a rule file.</summary>
internal sealed partial class RuleReader(YamlFile file, DiagnosticList diagnostics)
{
    private static readonly string[] AlertOnly =
        ["when", "for", "measurements", "keep_firing_for", "annotations", "clear", "no_data", "min_rows", "owner", "mode", "then"];

    private readonly ExpressionReader _expressions = new(file, diagnostics);

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();

    public static Parsed<RuleFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : new RuleReader(file, diagnostics).Read());
    }

    private RuleFile Read()
    {
        var fields = Fields.Of(file.Root!, "the file", diagnostics)!;
        var groups = ImmutableArray.CreateBuilder<RuleGroup>();
        foreach (var (item, i) in fields.Items("groups").Select((item, i) => (item, i)))
        {
            if (Group(item, i) is not { } group)
            {
                continue;
            }

            if (groups.Any(other => other.Name == group.Name))
            {
                diagnostics.Error(file.At("groups", i, "name"), "RULE001", $"group \"{group.Name}\" is given twice in this file");
            }

            groups.Add(group);
        }

        fields.Close();
        return new(groups.ToImmutable(), file);
    }

    private RuleGroup? Group(YamlNode node, int i)
    {
        if (Fields.Of(node, "a group", diagnostics) is not { } fields)
        {
            return null;
        }

        var name = fields.RequiredText("name");
        var interval = fields.Period("interval");
        var model = fields.Text("model");
        var group = new RuleGroup(name, interval, model, [])
        {
            QueryOffset = fields.Duration("query_offset") ?? TimeSpan.Zero,
            Lookback = fields.Period("lookback"),
            Limit = fields.Integer("limit", 0) ?? 0,
            OnData = fields.Flag("on_data") ?? true,
            Labels = Labels(fields),
        };
        var rules = ImmutableArray.CreateBuilder<Rule>();
        foreach (var (item, j) in fields.Items("rules").Select((item, j) => (item, j)))
        {
            if (Fields.Of(item, "a rule", diagnostics) is { } inner && Rule(inner, group, ["groups", i, "rules", j]) is { } rule)
            {
                rules.Add(rule);
            }
        }

        fields.Close();
        return group with { Rules = rules.ToImmutable() };
    }

    private Rule? Rule(Fields fields, RuleGroup group, object[] path)
    {
        var alert = fields.Text("alert");
        var record = fields.Text("record");
        if ((alert is null) == (record is null))
        {
            var text = alert is null ? "the rule has neither \"alert\" nor \"record\"" : "the rule has both \"alert\" and \"record\"";
            diagnostics.Error(alert is null ? fields.Place : fields.NameAt("record"), "RULE002", text, "allowed: one of alert, record");
            return null;
        }

        if ((alert ?? record)!.Length == 0)
        {
            diagnostics.Error(fields.At(alert is null ? "record" : "alert"), "RULE002", "the rule has an empty name");
        }

        Rule? rule = alert is not null ? Alerting(alert, fields, group, path) : Recording(record!, fields, path);
        fields.Close();
        return rule;
    }

    private Rule.Recording? Recording(string name, Fields fields, object[] path)
    {
        if (name.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            diagnostics.Error(fields.At("record"), "RULE003", $"\"{name}\" is no name of a series", "allowed: any text without braces");
        }
        else if (!MetricName().IsMatch(name))
        {
            diagnostics.Warning(fields.At("record"), "RULE003", $"the name \"{name}\" has to be quoted wherever it is read", $"allowed: {{\"{name}\"}}; without quotes letters, digits, \"_\" and \":\", not starting with a digit");
        }

        foreach (var field in AlertOnly)
        {
            fields.Refuse(field, "RULE006", $"\"{field}\" goes with \"alert\"", "allowed with record: expr, labels");
        }

        var labels = Labels(fields);
        var expression = fields.RequiredText("expr") is { Length: > 0 } text ? _expressions.Expression(text, [.. path, "expr"]) : null;
        return expression is null ? null : new(name, expression, labels);
    }

    private Rule.Alerting? Alerting(string name, Fields fields, RuleGroup group, object[] path)
    {
        var expression = Predicate(fields, group, path);
        var clear = fields.Text("clear") is { } text ? _expressions.Expression(text, [.. path, "clear"]) : null;
        var alert = new Rule.Alerting(name, expression ?? new("", new Expressions.Ast.Expr.Number(0)))
        {
            For = fields.Duration("for") ?? TimeSpan.Zero,
            Measurements = fields.Integer("measurements", 1, 1000) ?? 1,
            KeepFiringFor = fields.Duration("keep_firing_for") ?? TimeSpan.Zero,
            Labels = Templates(fields, "labels", path),
            Annotations = Templates(fields, "annotations", path),
            Clear = clear,
            NoData = fields.Choice<NoData>("no_data") ?? NoData.Resolve,
            MinRows = fields.Integer("min_rows", 0) ?? 0,
            Owner = fields.Text("owner"),
            Mode = fields.Choice<RuleMode>("mode") ?? RuleMode.Active,
            Then = fields.Nested("then") is { } then ? new FixReader(_expressions, then).Read([.. path, "then"]) : null,
        };
        CheckNoData(alert, fields);
        CheckClear(alert, path);
        return expression is null ? null : alert;
    }

    private RuleExpression? Predicate(Fields fields, RuleGroup group, object[] path)
    {
        var text = fields.Text("expr");
        var when = fields.Texts("when");
        if (fields.Has("expr") == fields.Has("when"))
        {
            var both = fields.Has("expr");
            diagnostics.Error(both ? fields.NameAt("when") : fields.Place, "RULE005", both ? "both \"expr\" and \"when\" are given" : "the alert has neither \"expr\" nor \"when\"", "allowed: one of expr, when");
            return null;
        }

        if (text is not null)
        {
            return _expressions.Expression(text, [.. path, "expr"]);
        }

        return fields.Node("when") is YamlNode.Sequence ? _expressions.When(when, group.Model, [.. path, "when"]) : Single(when, group, path);
    }

    private RuleExpression? Single(ImmutableArray<string> when, RuleGroup group, object[] path)
    {
        var one = when.IsEmpty ? null : _expressions.Expression(when[0], [.. path, "when"]);
        return one is null || group.Model is null ? one : _expressions.When(when, group.Model, [.. path, "when"]);
    }

    private void CheckNoData(Rule.Alerting alert, Fields fields)
    {
        if (alert.NoData != NoData.Resolve && alert.Expression.Text.Length > 0 && !Presence.CanTell(alert.Expression.Root))
        {
            diagnostics.Error(fields.At("no_data"), "RULE011", "the expression compares nothing, so missing data cannot be told from a false condition", "allowed with no_data: a comparison such as data_rows >= 200");
        }
    }

    private void CheckClear(Rule.Alerting alert, object[] path)
    {
        if (alert.Clear is not { } clear || alert.Expression.Text.Length == 0 || Presence.Conflict(alert.Expression.Root, clear.Root) is not { } conflict)
        {
            return;
        }

        diagnostics.Error(
            file.At([.. path, "clear"]), "RULE012", $"\"clear\" can never match the alert: it asks for {conflict.Other}, the alert has {conflict.Own}",
            "allowed: an expression with the alert's labels");
    }

    private Labels Labels(Fields fields)
    {
        var labels = fields.TextMap("labels");
        CheckLabelNames(fields);
        return Series.Labels.Of(labels);
    }

    private ImmutableSortedDictionary<string, Template> Templates(Fields fields, string name, object[] path)
    {
        if (name == "labels")
        {
            CheckLabelNames(fields);
        }

        var templates = fields.TextMap(name).Select(pair => (pair.Key, Value: _expressions.Template(pair.Value, [.. path, name, pair.Key])));
        return templates.Where(pair => pair.Value is not null).ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
    }

    private void CheckLabelNames(Fields fields)
    {
        foreach (var field in (fields.Node("labels") as YamlNode.Mapping)?.Fields ?? [])
        {
            if (field.Name is "" or "__name__" or "alertname")
            {
                diagnostics.Error(field.Place, "RULE004", $"\"{field.Name}\" is no label that a rule may set", "allowed: any name but __name__ and alertname");
            }
            else if (!LabelName().IsMatch(field.Name))
            {
                diagnostics.Warning(field.Place, "RULE004", $"the label \"{field.Name}\" has to be quoted wherever it is read", "allowed without quotes: letters, digits and \"_\", not starting with a digit");
            }
        }
    }
}
