using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The rows of the example with late labels: customers who leave because support fails them, until prices rise and they leave because of these. Whole numbers
/// only, so that every platform writes the same bytes.</summary>
public static class ChurnExample
{
    public const int TrainRows = 900;
    public const int Batches = 19;
    public const int RowsOfABatch = 300;

    /// <summary>The first week with the new prices, from 1.</summary>
    public const int FirstRaised = 9;

    private const int Customers = 3000;
    private const int Raise = 15;

    private static readonly string[] Contracts = ["month", "month", "year"];
    private static readonly ImmutableArray<string> Columns = ["prediction_id", "customer_id", "tenure_months", "contract", "monthly_price", "support_calls", "usage_hours"];

    /// <summary>Writes <c>train.csv</c>, <c>weeks/</c> and, out of the sight of connections, <c>truth.csv</c>; the same bytes for the same seed.</summary>
    public static void Write(string folder, ulong seed)
    {
        var random = new SeededRandom(seed);
        var train = Enumerable.Range(0, TrainRows).Select(i => Draw(random, $"t{i:00000}", isRaised: false)).ToList();
        new CsvTable([.. Columns, "outcome"], [.. train.Select(row => row.Cells.Add(row.Outcome))]).Write(Path.Combine(folder, "train.csv"));
        var truth = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        for (var week = 1; week <= Batches; week++)
        {
            var rows = Enumerable.Range(0, RowsOfABatch).Select(i => Draw(random, $"w{week:00}-{i:000}", week >= FirstRaised)).ToList();
            new CsvTable(Columns, [.. rows.Select(row => row.Cells)]).Write(Path.Combine(folder, "weeks", $"week-{week:00}.csv"));
            truth.AddRange(rows.Select(row => (ImmutableArray<string>)[row.Cells[0], row.Outcome]));
        }

        new CsvTable([Columns[0], "outcome"], truth.ToImmutable()).Write(Path.Combine(folder, "truth.csv"));
    }

    private static (ImmutableArray<string> Cells, string Outcome) Draw(SeededRandom random, string id, bool isRaised)
    {
        var (customer, tenure, contract) = (random.Below(Customers), 1 + random.Below(72), Contracts[random.Below(Contracts.Length)]);
        var (price, calls, usage) = (20 + random.Below(60) + (isRaised ? Raise : 0), Math.Min(random.Below(7), random.Below(7)), random.Below(60));
        var chance = random.Below(21) + random.Below(21) - 20;
        var isFree = contract == "month";
        var churns = isRaised
            ? ((price - 52) * 3 / 2) - (usage / 2) + (isFree ? 6 : 0) + (2 * calls) + chance > 21
            : (12 * calls) + (isFree ? 14 : 2) - (tenure / 4) - (usage / 4) + chance > 22;
        return ([id, $"c{customer:0000}", Text(tenure), contract, Text(price), Text(calls), Text(usage)], churns ? "churned" : "stayed");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
