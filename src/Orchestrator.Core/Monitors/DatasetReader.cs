using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads one dataset of a monitor.</summary>
internal static class DatasetReader
{
    private static readonly string[] _elsewhere = ["connection", "path", "query"];

    public static DatasetSpec? Read(YamlField field, DiagnosticList diagnostics)
    {
        if (Fields.Of(field.Value, $"dataset \"{field.Name}\"", diagnostics) is not { } fields)
        {
            return null;
        }

        var from = Location(fields, null);
        fields.Required("split");
        var split = fields.Choice<DatasetSplit>("split") ?? DatasetSplit.Train;
        var window = fields.Period("window");
        var reference = fields.Text("reference");
        var roles = Roles(fields.Nested("roles"));
        var labels = Labels(fields.Nested("labels"), from);
        fields.Close();
        Check(fields, from, roles, labels);
        return from is null ? null : new(field.Name, from, split, window, reference, roles, labels);
    }

    /// <param name="fallback">The connection where the fields name none.</param>
    private static DataLocation? Location(Fields fields, string? fallback)
    {
        var path = fields.Text("path");
        var query = fields.Text("query");
        var isPushed = fields.Flag("push") ?? false;
        var connection = isPushed || fields.Has("connection") || fallback is { Length: > 0 } ? fields.Text("connection") ?? fallback ?? "" : fields.RequiredText("connection");
        if (isPushed)
        {
            return Pushed(fields);
        }

        if ((path is null) == (query is null))
        {
            var text = path is null ? "neither \"path\" nor \"query\" is given" : "both \"path\" and \"query\" are given";
            fields.Diagnostics.Error(path is null ? fields.Place : fields.NameAt("query"), "MON010", text, "allowed: one of path, query, push");
            return null;
        }

        if (path is not null && (path.StartsWith('/') || path.Contains("..", StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal)))
        {
            fields.Diagnostics.Error(fields.At("path"), "MON011", $"path \"{path}\" leaves the connection's folder", "allowed: a path inside the folder, by \"/\", without \"..\"");
        }

        return path is not null ? new DataLocation.Files(connection, path) : new DataLocation.Query(connection, query!);
    }

    private static DataLocation.Push Pushed(Fields fields)
    {
        foreach (var other in _elsewhere.Where(fields.Has))
        {
            fields.Diagnostics.Error(fields.NameAt(other), "MON017", $"\"push\" and \"{other}\" are both given", "allowed: push alone, or a connection with one of path, query");
        }

        return new();
    }

    private static LabelJoin? Labels(Fields? fields, DataLocation? rows)
    {
        if (fields is null)
        {
            return null;
        }

        var from = Location(fields, rows?.Connection);
        var labels = (Join: fields.RequiredText("join"), Label: fields.RequiredText("label"), Time: fields.Text("time"), Delay: fields.Duration("delay"));
        fields.Close();
        return from is null ? null : new(from, labels.Join, labels.Label, labels.Time, labels.Delay ?? TimeSpan.Zero);
    }

    private static ColumnRoles Roles(Fields? fields)
    {
        if (fields is null)
        {
            return new(null, null, null, null, null, [], null, null, null, [], [], null, null, null);
        }

        var roles = new ColumnRoles(
            fields.Text("id"), fields.Text("label"), fields.Text("time"), fields.Text("prediction"), Scores(fields), fields.Texts("features"),
            fields.Text("model_version"), Latency(fields), fields.Text("error"), fields.Texts("system"), fields.Texts("ignore"), fields.Text("text"),
            fields.Text("embedding"), Image(fields.Nested("image")));
        fields.Close();
        return roles;
    }

    private static ScoreColumns? Scores(Fields fields)
    {
        if (fields.Node("scores") is YamlNode.Mapping)
        {
            return new ScoreColumns.ByClass(fields.TextMap("scores"));
        }

        if (fields.Text("scores") is not { } pattern)
        {
            return null;
        }

        if (pattern.Count(character => character == '*') != 1)
        {
            fields.Diagnostics.Error(fields.At("scores"), "MON012", $"\"{pattern}\" does not say which column scores which class", "allowed: a pattern with one \"*\" for the class, or {CLASS: COLUMN}");
        }

        return new ScoreColumns.Pattern(pattern);
    }

    private static LatencyColumn? Latency(Fields fields)
    {
        if (fields.Node("latency") is not YamlNode.Mapping)
        {
            return fields.Text("latency") is { } seconds ? new(seconds, LatencyUnit.S) : null;
        }

        var inner = fields.Nested("latency")!;
        inner.Required("unit");
        var latency = new LatencyColumn(inner.RequiredText("column"), inner.Choice<LatencyUnit>("unit") ?? LatencyUnit.S);
        inner.Close();
        return latency;
    }

    private static ImageColumns? Image(Fields? fields)
    {
        fields?.Required("width");
        var image = fields is null ? null : new ImageColumns(fields.RequiredText("columns"), fields.Integer("width", 1, 65536) ?? 1);
        fields?.Close();
        return image;
    }

    private static void Check(Fields fields, DataLocation? from, ColumnRoles roles, LabelJoin? labels)
    {
        if (fields.Has("window") && roles.Time is null)
        {
            fields.Diagnostics.Error(fields.At("window"), "MON013", "a window needs to know the time of a row", "allowed: a column as role \"time\"");
        }

        if ((AsksFrom(from) || AsksFrom(labels?.From)) && !fields.Has("window"))
        {
            fields.Diagnostics.Error(fields.At(AsksFrom(from) ? "query" : "labels"), "MON014", "the query asks for \":from\", the dataset has no window", "allowed: a window such as 1d");
        }

        if (labels is not null && roles.Label is not null)
        {
            fields.Diagnostics.Error(fields.NameAt("labels"), "MON015", "labels come from the role \"label\" and from \"labels\" as well", "allowed: one of them");
        }

        CheckColumns(fields, roles);
    }

    private static bool AsksFrom(DataLocation? from) => from is DataLocation.Query query && query.Sql.Contains(":from", StringComparison.Ordinal);

    private static void CheckColumns(Fields fields, ColumnRoles roles)
    {
        var named = new (string Role, string? Column)[]
        {
            ("id", roles.Id), ("label", roles.Label), ("time", roles.Time), ("prediction", roles.Prediction), ("model_version", roles.ModelVersion), ("error", roles.Error), ("text", roles.Text),
        };
        foreach (var twice in named.Where(pair => pair.Column is not null).GroupBy(pair => pair.Column).Where(group => group.Count() > 1))
        {
            var place = (fields.Node("roles") as YamlNode.Mapping)?[twice.Last().Role]?.Place ?? fields.Place;
            fields.Diagnostics.Error(place, "MON016", $"column \"{twice.Key}\" has the roles {string.Join(" and ", twice.Select(pair => pair.Role))}", "allowed: one role a column");
        }
    }
}
