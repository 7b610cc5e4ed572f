using System.Globalization;

namespace Orchestrator.Runtime.Models;

/// <summary>A parameter of a trainer: its name, the value it has where none is given, and the closed range that is allowed.</summary>
public sealed record TrainerParameter(string Name, double Value, double Least, double Most, bool Whole = false)
{
    /// <summary>Reads an author's value; throws <see cref="TrainingException"/> outside the range.</summary>
    public double Read(string text)
    {
        var number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : double.NaN;
        var fits = number >= Least && number <= Most && (!Whole || number == Math.Floor(number));
        return fits
            ? number
            : throw new TrainingException("TRAIN003", $"parameter \"{Name}\" is \"{text}\"",
                FormattableString.Invariant($"allowed: {(Whole ? "a whole number" : "a number")} from {Least} to {Most}"));
    }
}
