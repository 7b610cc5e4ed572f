using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rehearsal;

/// <summary>Reads scenario files.</summary>
internal static class ScenarioReader
{
    public static Parsed<ScenarioFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var file = YamlFile.ReadMapping(path, text, diagnostics);
        return diagnostics.Result(file is null ? null : Read(file, Fields.Of(file.Root!, "the file", diagnostics)!));
    }

    private static ScenarioFile Read(YamlFile file, Fields fields)
    {
        fields.Required("until");
        fields.Required("arrivals");
        var read = new ScenarioFile(
            fields.RequiredText("scenario"),
            fields.RequiredText("config"),
            fields.Text("rules"),
            Instant(fields, "start"),
            fields.Period("until") ?? default,
            Each(fields, "arrivals", "an arrival", ReadArrival),
            ReadLabeler(fields),
            Each(fields, "approvals", "an approval", ReadApproval),
            Each(fields, "events", "an event", ReadEvent),
            ReadCeiling(fields),
            file)
        {
            ChangesAt = fields.Period("changes_at"),
        };
        fields.Close();
        return read;
    }

    private static Arrival ReadArrival(Fields fields)
    {
        var file = fields.Text("file");
        var files = fields.Text("files");
        if ((file is null) == (files is null))
        {
            fields.Diagnostics.Error(fields.Place, "SCEN001", file is null ? "an arrival names no file" : "both \"file\" and \"files\" are given", "allowed: one of file, files");
        }

        var every = fields.Period("every");
        if (files is not null && every is null)
        {
            fields.Diagnostics.Error(fields.NameAt("files"), "SCEN002", "\"files\" arrive one by one", "allowed with files: every, such as 6h");
        }

        var at = fields.Duration("at");
        return new Arrival(fields.RequiredText("dataset"), files ?? file ?? "", at ?? every ?? TimeSpan.Zero, every, fields.Flag("serve") ?? false, ReadLate(fields));
    }

    private static LateLabels? ReadLate(Fields fields)
    {
        var labels = fields.Text("labels");
        var after = fields.Duration("labels_after");
        if ((labels is null) != (after is null))
        {
            var given = labels is null ? "labels_after" : "labels";
            fields.Diagnostics.Error(fields.NameAt(given), "SCEN003", $"\"{given}\" stands alone", "allowed: labels (a file) and labels_after (a time) together");
        }

        return labels is not null && after is { } known ? new LateLabels(labels, known) : null;
    }

    private static Labeler? ReadLabeler(Fields fields)
    {
        if (fields.Nested("labeler") is not { } inner)
        {
            return null;
        }

        var labeler = new Labeler(inner.RequiredText("truth"), inner.Text("id") ?? "id", inner.RequiredText("label"), inner.Share("error_rate") ?? 0);
        inner.Close();
        return labeler;
    }

    private static ApprovalHabit ReadApproval(Fields fields)
    {
        var fixes = fields.Texts("fixes");
        if (fixes.Length > 1 && fixes.Contains(ApprovalHabit.All))
        {
            fields.Diagnostics.Error(fields.At("fixes"), "SCEN004", "\"all\" stands beside names of rules", "allowed: all, or the names of the rules whose fixes are approved");
        }

        return new ApprovalHabit(fields.RequiredText("by"), fields.Duration("after") ?? TimeSpan.Zero, fixes.Contains(ApprovalHabit.All) ? [] : fixes);
    }

    private static ScenarioEvent ReadEvent(Fields fields)
    {
        var at = fields.Duration("at") ?? TimeSpan.Zero;
        var train = fields.Text("train");
        var promote = fields.Nested("promote");
        if ((train is null) == (promote is null))
        {
            fields.Diagnostics.Error(fields.Place, "SCEN006", train is null ? "an event says nothing that happens" : "one event is two things", "allowed: one of train, promote");
        }

        return promote is null ? new ScenarioEvent.Train(at, train ?? "") : ReadPromotion(at, promote);
    }

    private static ScenarioEvent.Promote ReadPromotion(TimeSpan at, Fields fields)
    {
        var artifact = fields.Text("artifact");
        var rows = fields.Text("rows");
        if ((artifact is null) == (rows is null))
        {
            fields.Diagnostics.Error(
                fields.Place, "SCEN007", artifact is null ? "it is not said what is promoted" : "both \"artifact\" and \"rows\" are given", "allowed: one of artifact (a trained model), rows (what it is trained on)");
        }

        ReleaseSource from = artifact is null ? new ReleaseSource.Rows(rows ?? "") : new ReleaseSource.Artifact(artifact);
        var promote = new ScenarioEvent.Promote(at, fields.RequiredText("model"), from, fields.Period("latency"));
        fields.Close();
        return promote;
    }

    private static Ceiling? ReadCeiling(Fields fields)
    {
        if (fields.Nested("ceiling") is not { } inner)
        {
            return null;
        }

        var ceiling = new Ceiling(inner.RequiredText("labels"));
        inner.Close();
        return ceiling;
    }

    private static DateTimeOffset Instant(Fields fields, string name)
    {
        var text = fields.RequiredText(name);
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var instant))
        {
            return instant;
        }

        if (text.Length > 0)
        {
            fields.Diagnostics.Error(fields.At(name), "SCEN005", $"\"{text}\" is no instant", "allowed: ISO 8601, such as 2026-01-05T00:00:00Z");
        }

        return default;
    }

    private static ImmutableArray<T> Each<T>(Fields fields, string name, string what, Func<Fields, T> read)
    {
        var all = ImmutableArray.CreateBuilder<T>();
        foreach (var item in fields.Items(name))
        {
            if (Fields.Of(item, what, fields.Diagnostics) is { } inner)
            {
                all.Add(read(inner));
                inner.Close();
            }
        }

        return all.ToImmutable();
    }
}
