using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.Maps;

/// <summary>Features of all kinds as numbers on one scale, so that rows have a place in space.</summary>
/// <remarks>A number has mean 0 and standard deviation 1, and a missing one lies in the middle; the commonest values of a category are one column each and weigh together as a number; a text is its weighted terms, of length 1.</remarks>
/// <param name="Names">What each column of the matrix came from.</param>
public sealed record MapFeatures(ImmutableArray<string> Names, FeatureMatrix Matrix)
{
    /// <summary>Values of one category that are told apart.</summary>
    private const int MostValues = 20;

    /// <summary>Columns of the matrix: what is computed from them grows with the square.</summary>
    private const int MostColumns = 2048;

    private static readonly TermOptions _terms = new(MostTerms: 512);

    /// <param name="rows">How many each column has.</param>
    public static MapFeatures Of(IReadOnlyCollection<MapColumn> columns, int rows)
    {
        var scaled = columns.Where(column => column.Type != FeatureType.Text).SelectMany(Scaled).Take(MostColumns).ToArray();
        var plain = columns.Where(column => column.Type == FeatureType.Text).SelectMany(Terms).Take(MostColumns - scaled.Length).ToArray();
        var standard = Filled([.. scaled.Select(column => column.Values)], rows).Standardised([.. scaled.Select(column => column.Weight).DefaultIfEmpty(1)]);
        double[][] all = [.. Enumerable.Range(0, scaled.Length).Select(column => Enumerable.Range(0, rows).Select(row => standard.Row(row)[column]).ToArray()), .. plain.Select(column => column.Values)];
        return new([.. scaled.Concat(plain).Select(column => column.Name)], Filled(all, rows));
    }

    private static IEnumerable<(string Name, double[] Values, double Weight)> Scaled(MapColumn column)
    {
        if (column.IsNumeric)
        {
            return [(column.Name, column.Numbers, 1)];
        }

        string[] values = [.. column.Texts.OfType<string>().CountBy(value => value, StringComparer.Ordinal).OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(MostValues).Select(count => count.Key)];
        return values.Select(value => ($"{column.Name} = {value}", Array.ConvertAll(column.Texts, text => text == value ? 1.0 : 0), 1 / Math.Sqrt(values.Length)));
    }

    private static IEnumerable<(string Name, double[] Values, double Weight)> Terms(MapColumn column)
    {
        var vocabulary = Vocabulary.Fit(column.Texts, _terms);
        var weighted = vocabulary.Weighted(vocabulary.Counts(column.Texts));
        var dense = Enumerable.Range(0, weighted.Columns).Select(_ => new double[weighted.Rows]).ToArray();
        for (var row = 0; row < weighted.Rows; row++)
        {
            foreach (var (at, value) in weighted.Values(row).ToArray().Index())
            {
                dense[weighted.Indices(row)[at]][row] = value;
            }
        }

        return dense.Select(values => (column.Name, values, 1.0));
    }

    /// <summary>A matrix needs a column, also where there is none.</summary>
    private static FeatureMatrix Filled(double[][] columns, int rows)
    {
        var width = Math.Max(1, columns.Length);
        var values = new double[rows * width];
        for (var column = 0; column < columns.Length; column++)
        {
            for (var row = 0; row < rows; row++)
            {
                values[(row * width) + column] = columns[column][row];
            }
        }

        return new(width, values);
    }
}
