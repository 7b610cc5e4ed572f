namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>How a label budget is spread over rounds: after each, rows are ranked anew on labels that are partly repaired.</summary>
/// <param name="Budget">Rows that may be asked for in all rounds together.</param>
/// <param name="MinYield">A round of whose answers a smaller share changed the label is the last.</param>
public sealed record LabelRounds(int Budget, int Rounds = 1, double MinYield = 0)
{
    /// <summary>Rows of a full round; the last one asks for what is left.</summary>
    public int Size => (int)Math.Ceiling((double)Budget / Rounds);

    /// <summary>Rows that the next round asks for; 0 where asking is over.</summary>
    /// <param name="asked">Rows that were asked for in the rounds before.</param>
    /// <param name="answered">Answers of the last round.</param>
    /// <param name="changed">Answers of the last round that changed a label.</param>
    public int Next(int asked, int answered, int changed) => IsOver(asked, answered, changed) ? 0 : Math.Min(Size, Budget - asked);

    private bool IsOver(int asked, int answered, int changed) =>
        asked > 0 && (asked >= (long)Size * Rounds || asked >= Budget || Rounds == 1 || answered == 0 || changed < MinYield * answered);
}
