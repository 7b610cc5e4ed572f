using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Profiles;

/// <summary>Guesses the roles of columns by their names, kinds and places.</summary>
public sealed class RoleGuess
{
    private const int MostSegments = 4;
    private const int MostSegmentValues = 12;
    private const double WordsOfText = 3;
    private const double DistinctOfText = 0.3;

    private static readonly string[] _idNames = ["id", "uuid", "guid", "key", "instant", "index", "rownum", "row_number", "no"];
    private static readonly string[] _labelNames = ["label", "target", "class", "y", "outcome", "category", "churned", "given_label", "cnt"];

    private readonly FileProfile _file;
    private readonly RoleWish _wish;
    private readonly List<(string Role, string Column, string Reason)> _reasons = [];
    private readonly List<string> _doubts = [];
    private string? _refusal;

    private RoleGuess(FileProfile file, RoleWish wish) => (_file, _wish) = (file, wish);

    /// <summary>The roles of all columns; refused where a named column does not exist, or no column can be the label.</summary>
    /// <param name="leaks">Looks for columns that leak the label, once it is known.</param>
    public static GuessOutcome Of(FileProfile file, RoleWish wish, Func<string, ImmutableArray<(string Column, string Reason)>> leaks)
    {
        foreach (var (role, column) in wish.Named().Where(pair => file.Find(pair.Column) is null))
        {
            var nearest = Nearest.To(column, file.Columns.Select(one => one.Name)) is { } name ? $"; did you mean {name}?" : "";
            return new GuessOutcome.Refused($"there is no column \"{column}\" to be the {role}; there are {string.Join(", ", file.Columns.Select(one => one.Name))}{nearest}");
        }

        return new RoleGuess(file, wish).Guess(leaks);
    }

    private GuessOutcome Guess(Func<string, ImmutableArray<(string Column, string Reason)>> leaks)
    {
        var id = Named("id", _wish.Id) ?? First("id", IsId, "every row has another value");
        var time = Named("time", _wish.Time) ?? First("time", column => column.Name != id && IsTime(column), "its values are instants");
        var text = Named("text", _wish.Text) ?? First("text", column => column.Name != id && column.Name != time && IsText(column), "its values are sentences");
        var label = Named("label", _wish.Label) ?? LabelAmong([.. _file.Columns.Where(column => !new[] { id, time, text }.Contains(column.Name) && !column.IsConstant)]);
        if (_file.Find(label ?? "") is not { } column || TaskOf(column) is not { } task)
        {
            return new GuessOutcome.Refused(_refusal!);
        }

        var ignored = Ignored([id, time, text, label], leaks(label!));
        return new GuessOutcome.Guessed(new(id, label!, time, text, task, SegmentsAmong([id, time, text, label], ignored), ignored, [.. _reasons], [.. _doubts]));
    }

    private string? Named(string role, string? column)
    {
        if (column is not null)
        {
            _reasons.Add((role, column, "you said so"));
        }

        return column;
    }

    private string? First(string role, Func<ColumnProfile, bool> fits, string reason)
    {
        var found = _file.Columns.FirstOrDefault(column => !_wish.Named().Any(pair => pair.Column == column.Name) && fits(column));
        if (found is not null)
        {
            _reasons.Add((role, found.Name, reason));
        }

        return found?.Name;
    }

    private bool IsId(ColumnProfile column) =>
        column.Kind is ColumnKind.Whole or ColumnKind.Category && column.Filled == _file.Rows && column.Distinct == _file.Rows && column.MeanWords < 2
        && (column.IsSequence || IsNamed(column, _idNames) || column.Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase));

    private static bool IsTime(ColumnProfile column) => column.Kind == ColumnKind.Instant;

    private bool IsText(ColumnProfile column) =>
        column.Kind == ColumnKind.Category && column.MeanWords >= WordsOfText && column.Distinct > DistinctOfText * _file.Rows;

    private static bool IsNamed(ColumnProfile column, string[] names) => names.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    private string? LabelAmong(ImmutableArray<ColumnProfile> candidates)
    {
        if (candidates.IsEmpty)
        {
            _refusal = "no column can be the label; say --label COLUMN";
            return null;
        }

        var ranked = candidates.Select((column, place) => (column, Points: Points(column, place, candidates.Length))).OrderByDescending(pair => pair.Points).ToArray();
        var (best, points) = ranked[0];
        var reason = IsNamed(best, _labelNames) ? "its name says so" : candidates.Length == 1 ? "no other column is left" : "it stands where labels stand";
        _reasons.Add(("label", best.Name, reason));
        if (ranked.Length > 1 && points - ranked[1].Points < 2)
        {
            _doubts.Add($"the label could also be \"{ranked[1].column.Name}\": say --label");
        }

        return best.Name;
    }

    /// <summary>A telling name counts most, then the last place, then few values that fill every row.</summary>
    private int Points(ColumnProfile column, int place, int of) =>
        (IsNamed(column, _labelNames) ? 10 : 0) + (place == of - 1 ? 5 : place == 0 ? 1 : 0)
        + (column.Filled == _file.Rows ? 1 : 0) + (column.Values.Length is >= 2 and <= ColumnProfile.MostValues ? 1 : 0);

    private ModelTask? TaskOf(ColumnProfile label)
    {
        var isClass = !label.Values.IsEmpty && (!label.IsNumber || label.Values.Length <= 20);
        if (!isClass && !label.IsNumber)
        {
            _refusal = $"the label \"{label.Name}\" has {label.Distinct} values that are no numbers, too many for classes; say --label COLUMN";
            return null;
        }

        return !isClass ? new ModelTask.Regression() : label.Values.Length == 2 ? Binary(label) : new ModelTask.Multiclass([]);
    }

    private ModelTask.Binary? Binary(ColumnProfile label)
    {
        if (_wish.Positive is { } named && label.Values.All(value => value.Value != named))
        {
            _refusal = $"no row has the label \"{named}\"; there are {string.Join(", ", label.Values.Select(value => value.Value))}";
            return null;
        }

        var positive = _wish.Positive ?? label.Values[^1].Value;
        _reasons.Add(("positive", positive, _wish.Positive is null ? "it is the rarer class" : "you said so"));
        return new ModelTask.Binary(positive, 0.5);
    }

    private ImmutableArray<(string Column, string Reason)> Ignored(string?[] taken, ImmutableArray<(string Column, string Reason)> leaks)
    {
        var rest = _file.Columns.Where(column => !taken.Contains(column.Name)).ToArray();
        return
        [
            .. _wish.Ignore.Select(column => (column, "you said so")),
            .. leaks.Where(leak => !_wish.Ignore.Contains(leak.Column)),
            .. rest.Where(column => !_wish.Ignore.Contains(column.Name) && leaks.All(leak => leak.Column != column.Name))
                .Select(column => (column.Name, Reason: Useless(column))).Where(pair => pair.Reason is not null).Select(pair => (pair.Name, pair.Reason!)),
        ];
    }

    private static string? Useless(ColumnProfile column) =>
        column.IsConstant ? "it has one value only"
        : column.Kind == ColumnKind.Instant ? "it is another instant"
        : column.Kind == ColumnKind.Category && column.Distinct > 0.9 * column.Filled && column.Distinct > ColumnProfile.MostValues ? "nearly every row has another value"
        : column.IsSequence ? "it counts the rows"
        : null;

    private ImmutableArray<string> SegmentsAmong(string?[] taken, ImmutableArray<(string Column, string Reason)> ignored) =>
        [.. _file.Columns
            .Where(column => !taken.Contains(column.Name) && ignored.All(one => one.Column != column.Name) && column.Values.Length is >= 2 and <= MostSegmentValues)
            .OrderByDescending(Evenness).Take(MostSegments).Select(column => column.Name)];

    /// <summary>Entropy of the shares of the values, in nats.</summary>
    private double Evenness(ColumnProfile column) => -column.Values.Sum(value => (double)value.Rows / _file.Rows * Math.Log((double)value.Rows / _file.Rows));
}
