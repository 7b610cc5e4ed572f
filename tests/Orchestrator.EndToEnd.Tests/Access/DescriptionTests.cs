namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class DescriptionTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task The_document_lists_every_endpoint_of_the_api_with_its_role()
    {
        using var admin = server.Admin();
        var document = await admin.JsonAsync("/openapi/v1.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation =>
                $"{operation.Name.ToUpperInvariant()} {path.Name}: {operation.Value.GetProperty("description").GetString()!.Split(": it ")[0]}"));
        // What stands under /api/v1 is Prometheus's, and its own documentation describes it.
        var expected = RoleMatrixTests.Table.Where(row => row.Route.StartsWith("/api/", StringComparison.Ordinal) && !row.Route.StartsWith("/api/v1/", StringComparison.Ordinal))
            .Select(row => $"{row.Method} {row.Route}: {(row.Role.Length == 0 ? "Needs no key" : $"Needs the role {row.Role}.")}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_how_it_fails_and_what_it_is_for()
    {
        using var admin = server.Admin();
        var document = await admin.JsonAsync("/openapi/v1.json");
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            var problem = operation.Value.GetProperty("responses").GetProperty("default").GetProperty("content").GetProperty("application/problem+json");
            Assert.Equal("#/components/schemas/Problem", problem.GetProperty("schema").GetProperty("$ref").GetString());
            Assert.EndsWith(".", operation.Value.GetProperty("summary").GetString(), StringComparison.Ordinal);
            var needsKey = !operation.Value.GetProperty("description").GetString()!.StartsWith("Needs no key", StringComparison.Ordinal);
            Assert.Equal(needsKey, operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() == 1);
        }
    }
}
