using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary>Tasks and answers as Label Studio's JSON has them.</summary>
internal static class LabelStudio
{
    private const string Question = "label";
    private const string Object = "row";

    /// <summary>Tasks to import there: the row under <c>data</c>, the suggestion as a prediction.</summary>
    public static object Tasks(QueueShown shown) => shown.Tasks.Where(task => task.State == "open").Select(task => new
    {
        id = task.Position,
        data = task.Columns.ToImmutableSortedDictionary(pair => pair.Key, pair => (object)pair.Value).SetItem("task", task.Id).SetItem("given_label", task.Given),
        predictions = task.Suggested is { } suggested ? [Prediction(suggested, task.Score)] : Array.Empty<object>(),
    });

    /// <summary>A labelling interface for the tasks: choices, with the columns of the row beside them.</summary>
    public static string Interface(QueueShown shown)
    {
        var columns = shown.Tasks.SelectMany(task => task.Columns.Keys).Distinct().Order(StringComparer.Ordinal).Take(20);
        var choices = string.Concat(shown.Queue.Classes.Select(name => $"    <Choice value=\"{Escaped(name)}\"/>\n"));
        return $"<View>\n{string.Concat(columns.Select(column => $"  <Header value=\"{Escaped(column)}\"/><Text name=\"{Escaped(column)}\" value=\"${Escaped(column)}\"/>\n"))}"
            + $"  <Text name=\"{Object}\" value=\"$task\"/>\n  <Choices name=\"{Question}\" toName=\"{Object}\" choice=\"single\">\n{choices}  </Choices>\n</View>\n";
    }

    /// <summary>The answers of an export, in full or as JSON-MIN; what was left unanswered there has none.</summary>
    /// <exception cref="CommandException">The file is no such export; the message names the place.</exception>
    public static ImmutableArray<PlacedAnswer> Answers(string path, string text)
    {
        using var document = Parsed(path, text);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException($"{path} holds {document.RootElement.ValueKind} where a list of tasks belongs; export it from Label Studio as JSON or JSON-MIN");
        }

        return [.. document.RootElement.EnumerateArray().Select((task, i) => Answer($"{path}: task {i + 1}", task)).OfType<PlacedAnswer>()];
    }

    private static object Prediction(string suggested, double score) => new
    {
        model_version = "orchestrator",
        score,
        result = new object[] { new { from_name = Question, to_name = Object, type = "choices", value = new { choices = new[] { suggested } } } },
    };

    private static JsonDocument Parsed(string path, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new CommandException($"{path}:{error.LineNumber + 1}: this is no JSON ({error.Message.Split('.')[0]}); export it from Label Studio as JSON or JSON-MIN");
        }
    }

    private static PlacedAnswer? Answer(string place, JsonElement task)
    {
        var data = task.ValueKind == JsonValueKind.Object && task.TryGetProperty("data", out var inner) ? inner : task;
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("task", out var id) || id.ValueKind != JsonValueKind.String)
        {
            throw new CommandException($"{place} has no field \"task\" in its data; only tasks that \"labels export\" wrote can come back");
        }

        return Choice(place, task) is { } label ? new PlacedAnswer(place, id.GetString()!, label) : null;
    }

    private static string? Choice(string place, JsonElement task)
    {
        if (!task.TryGetProperty("annotations", out var annotations))
        {
            return task.TryGetProperty(Question, out var minimal) && minimal.ValueKind == JsonValueKind.String ? minimal.GetString() : null;
        }

        var choices = annotations.EnumerateArray().Where(annotation => !IsCancelled(annotation))
            .SelectMany(annotation => annotation.GetProperty("result").EnumerateArray())
            .Where(result => result.TryGetProperty("value", out var value) && value.TryGetProperty("choices", out _))
            .SelectMany(result => result.GetProperty("value").GetProperty("choices").EnumerateArray().Select(choice => choice.GetString()!))
            .Distinct(StringComparer.Ordinal).ToArray();
        return choices.Length <= 1
            ? choices.FirstOrDefault()
            : throw new CommandException($"{place} has the answers {string.Join(" and ", choices)}; one answer a task can come back");
    }

    private static bool IsCancelled(JsonElement annotation) => annotation.TryGetProperty("was_cancelled", out var cancelled) && cancelled.ValueKind == JsonValueKind.True;

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text) ?? "";
}

/// <summary>An answer and where it stands, to say what became of it.</summary>
internal sealed record PlacedAnswer(string Place, string Task, string Label);
