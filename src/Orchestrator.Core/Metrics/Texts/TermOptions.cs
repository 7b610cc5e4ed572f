namespace Orchestrator.Core.Metrics.Texts;

/// <summary>Which parts of a text are its terms.</summary>
/// <param name="WordGrams">The longest run of neighbouring words that is a term; at least 1.</param>
/// <param name="CharacterGrams">The longest run of characters within a word, its ends marked, that is a term; runs begin with 3, below 3 there are none.</param>
/// <param name="LeastRows">A term of fewer rows is forgotten.</param>
/// <param name="MostTerms">Of more terms those of the most rows are kept.</param>
public sealed record TermOptions(int WordGrams = 1, int CharacterGrams = 0, int LeastRows = 2, int MostTerms = 500_000);
