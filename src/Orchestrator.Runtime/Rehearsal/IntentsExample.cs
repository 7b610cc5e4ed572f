using System.Collections.Immutable;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The rows of the example with texts: short messages of customers by intent, whose labels of two intents were confused by whoever gave them.</summary>
public static class IntentsExample
{
    public const int TrainRows = 600;
    public const int Batches = 12;
    public const int RowsOfABatch = 50;

    /// <summary>Of a hundred training messages of a confused intent, those with the label of the other.</summary>
    public const int WrongOfAHundred = 40;

    /// <summary>Of a hundred messages, those that may speak of a second intent too.</summary>
    private const int AsideOfAHundred = 6;

    private static readonly string[] Openings = ["", "Hello, ", "Hi team, ", "Good morning. ", "Sorry to bother you, but ", "Please help: ", "Once more: ", "Dear support, "];
    private static readonly string[] Closings = ["", " Thanks.", " Please answer soon.", " What can I do?", " I wrote last week already.", " My number is in the account.", " Best wishes", " Is that possible?"];
    private static readonly string[] Things = ["phone", "lamp", "jacket", "tablet", "chair", "kettle", "camera", "backpack"];

    private static readonly ImmutableArray<(string Intent, string[] Phrases)> Intents =
    [
        ("billing",
        [
            "the invoice for the {0} shows a wrong amount", "I was charged twice for the {0}", "there is a fee on my bill that I do not know", "my card was debited too early",
            "the tax on the invoice is missing", "I need a copy of the bill for the {0}", "why is the total higher than the price of the {0}", "the discount is not on my invoice",
        ]),
        ("cancel",
        [
            "please stop my order of the {0}", "I do not want the {0} any more", "end my subscription this month", "I ordered the {0} by mistake", "do not send the {0}",
            "call off what I bought yesterday", "I found the {0} elsewhere and step back from the purchase", "close the contract before it renews",
        ]),
        ("delivery",
        [
            "the parcel with the {0} has not come", "tracking shows nothing since Monday", "the courier left the {0} at a neighbour", "when will the {0} arrive",
            "the shipping address is wrong", "the box with the {0} was open", "can the {0} come on Saturday", "the driver did not ring",
        ]),
        ("login",
        [
            "my password does not work", "I cannot sign in on the website", "the code for signing in never comes", "my account is locked", "reset my password please",
            "the app asks for a login again and again", "I forgot which email I registered", "two-factor fails on my new device",
        ]),
        ("refund",
        [
            "I sent the {0} back and wait for my money", "the {0} is broken, repay me", "when is the amount for the returned {0} credited", "give me my money back for the {0}",
            "the return of the {0} was accepted but nothing was paid", "I want the price of the {0} reimbursed", "the {0} arrived damaged, I claim the sum", "the credit for my return is overdue",
        ]),
    ];

    private static readonly ImmutableDictionary<string, string> ConfusedWith = ImmutableDictionary<string, string>.Empty.Add("cancel", "refund").Add("refund", "cancel");

    /// <summary>Writes <c>train.csv</c>, <c>served/</c> and, out of the sight of connections, <c>truth/</c>; the same bytes for the same seed.</summary>
    public static void Write(string folder, ulong seed)
    {
        var random = new SeededRandom(seed);
        var train = Draw(random, "t", TrainRows);
        new CsvTable(["id", "text", "intent"], [.. train.Select(row => (ImmutableArray<string>)[row.Id, row.Text, Given(row.Intent, random)])]).Write(Path.Combine(folder, "train.csv"));
        WriteTruth(Path.Combine(folder, "truth", "train.csv"), "id", train);
        var asked = Draw(random, "m", Batches * RowsOfABatch);
        WriteTruth(Path.Combine(folder, "truth", "served.csv"), "message", asked);
        for (var batch = 0; batch < Batches; batch++)
        {
            var rows = asked[(batch * RowsOfABatch)..((batch + 1) * RowsOfABatch)];
            new CsvTable(["message", "text"], [.. rows.Select(row => (ImmutableArray<string>)[row.Id, row.Text])]).Write(Path.Combine(folder, "served", $"batch-{batch + 1:00}.csv"));
        }
    }

    private static Message[] Draw(SeededRandom random, string prefix, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var (intent, phrases) = Intents[random.Below(Intents.Length)];
        var aside = random.Below(100) < AsideOfAHundred ? Intents[random.Below(Intents.Length)].Phrases : phrases;
        var text = $"{Pick(random, Openings)}{Pick(random, phrases)}, and {Pick(random, aside)}.{Pick(random, Closings)}";
        return new Message($"{prefix}{i:0000}", text.Replace("{0}", Pick(random, Things), StringComparison.Ordinal), intent);
    })];

    private static string Given(string intent, SeededRandom random) =>
        ConfusedWith.TryGetValue(intent, out var other) && random.Below(100) < WrongOfAHundred ? other : intent;

    private static void WriteTruth(string path, string id, Message[] rows) =>
        new CsvTable([id, "intent"], [.. rows.Select(row => (ImmutableArray<string>)[row.Id, row.Intent])]).Write(path);

    private static string Pick(SeededRandom random, string[] choices) => choices[random.Below(choices.Length)];

    private sealed record Message(string Id, string Text, string Intent);
}
