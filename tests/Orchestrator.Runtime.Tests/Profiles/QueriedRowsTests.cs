using Orchestrator.Core.Monitors;
using Orchestrator.Core.Profiles;
using Orchestrator.Runtime.Profiles;

namespace Orchestrator.Runtime.Tests.Profiles;

public sealed class QueriedRowsTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rows_of_a_query_are_profiled_as_those_of_a_file_are()
    {
        await DsnAsync("create table customers as select n as customer_id, n % 7 as visits, case when n % 5 = 0 then 'yes' else 'no' end as churned from generate_series(1, 200) n");
        await QueriedRows.SaveAsync(_folder["dsn"], "select * from customers order by customer_id;", _folder["query.csv"], Cancel);
        using var file = ProfiledFile.Open(_folder["query.csv"]);
        var roles = file.Guess(RoleWish.None);
        Assert.Equal((200, "customer_id", "churned"), (file.Profile.Rows, roles.Id, roles.Label));
        Assert.Equal(new ModelTask.Binary("yes", 0.5), roles.Task);
    }

    [Theory]
    [InlineData("select * from nowhere", "relation \"nowhere\" does not exist")]
    [InlineData("with gone as (delete from customers returning *) select * from gone", "read-only transaction")]
    public async Task A_query_that_fails_is_told_and_changes_nothing(string query, string expected)
    {
        var dsn = await DsnAsync("create table customers as select 1 as id");
        var error = await Assert.ThrowsAsync<ProfileException>(() => QueriedRows.SaveAsync(_folder["dsn"], query, _folder["query.csv"], Cancel));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, error.Message, StringComparison.Ordinal);
        await PostgresServer.RunSqlAsync(dsn, "insert into customers values (2)");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> DsnAsync(string sql)
    {
        var dsn = await server.CreateAsync(sql);
        await File.WriteAllTextAsync(_folder["dsn"], dsn, Cancel);
        return dsn;
    }
}
