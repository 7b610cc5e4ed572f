namespace Orchestrator.Core.Series;

/// <summary>Series by position, in pages, so that a view and the next share what did not change; immutable.</summary>
internal readonly struct SeriesTable(SeriesPoints[][] pages, int count)
{
    public const int PageSize = 256;

    public static SeriesTable Empty { get; } = new([], 0);

    public int Count => count;

    public SeriesPoints this[int position] => pages[position / PageSize][position % PageSize];
}
