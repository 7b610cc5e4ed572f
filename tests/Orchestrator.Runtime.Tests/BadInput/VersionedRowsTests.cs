namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>What a model learns from is read from versions, whose rows stand in no file of the author's: a bad one is named by its id.</summary>
public sealed class VersionedRowsTests
{
    [Fact]
    public async Task A_bad_row_of_a_versioned_dataset_is_told_by_the_authors_file_and_the_rows_id()
    {
        using var tiny = new TinyNode();
        await Pets.OpenAsync(tiny, Pets.Rows(20, 20, 0, 3) + "c00,1,1,cat\n");

        await tiny.MoveAsync(TimeSpan.FromDays(1));

        var line = Assert.Single(tiny.Problems("pets"), problem => problem.Contains("DATA008", StringComparison.Ordinal));
        Assert.StartsWith(
            "rules/pets.monitor.yaml:5:70: DATA008 pets: pets.csv row with id \"c00\": column \"id\": \"c00\" is the id of more than one row (and 1 more)",
            line,
            StringComparison.Ordinal);
    }
}
