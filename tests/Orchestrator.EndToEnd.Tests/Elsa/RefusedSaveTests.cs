using System.Text.Json.Nodes;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class RefusedSaveTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task Code_is_refused_when_it_is_saved_with_words_that_studio_shows()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var saved = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false);
        DesignerServer.Activity(saved, "ask")["condition"]!["expression"] = JsonNode.Parse("""{"type": "JavaScript", "value": "1 > 0"}""");
        using var answer = await DesignerServer.SaveAsync(author, saved, publish: false);
        var (status, said) = await SaidAsync(answer);
        Assert.Equal(422, status);
        Assert.StartsWith("JavaScript can't be run: a definition carries no code; an expression of type Literal, ", said, StringComparison.Ordinal);
        Assert.Equal("Variable", DesignerServer.Activity(await DesignerServer.OpenAsync(author, saved["definitionId"]!.ToString()), "ask")["condition"]!["expression"]!["type"]!.ToString());
    }

    [Fact]
    public async Task A_state_machine_is_refused_as_the_whole_and_as_a_part()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var whole = JsonNode.Parse(ElsaFiles.Blank)!.AsObject();
        whole["root"]!["type"] = "Elsa.StateMachine";
        using var refused = await DesignerServer.SaveAsync(author, whole, publish: null);
        Assert.Equal((422, "The activity type \"Elsa.StateMachine\" is not known."), await SaidAsync(refused));

        var saved = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false);
        saved["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("""{"id": "m", "type": "Elsa.StateMachine", "version": 1}"""));
        using var part = await DesignerServer.SaveAsync(author, saved, publish: false);
        Assert.Equal(422, (int)part.StatusCode);
    }

    [Fact]
    public async Task An_unfinished_draft_is_saved_but_only_what_can_run_is_published()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var saved = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false);
        DesignerServer.Activity(saved, "set").Remove("variable");
        var draft = await DesignerServer.SavedAsync(author, saved, publish: false);
        using var answer = await DesignerServer.SaveAsync(author, draft, publish: true);
        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains("lacks its input \"variable\"", (await SaidAsync(answer)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_people_only_the_first_saves_and_what_the_second_sent_is_kept_for_that_person()
    {
        using var first = await server.AsAsync("first@example.org", Role.Author);
        using var second = await server.AsAsync("second@example.org", Role.Author);
        var saved = await DesignerServer.SavedAsync(first, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false);
        var seen = await DesignerServer.OpenAsync(second, saved["definitionId"]!.ToString());
        Assert.False(DesignerServer.MayPublish(seen));
        seen["description"] = "of the second";
        using var answer = await DesignerServer.SaveAsync(second, seen, publish: false);
        var (status, said) = await SaidAsync(answer);
        Assert.Equal(409, status);
        Assert.StartsWith("It was not saved: first@example.org is editing it, until ", said, StringComparison.Ordinal);

        var kept = (await second.JsonAsync("/api/workflows/drafts"))[0].GetProperty("id").GetString();
        Assert.Contains($"What you changed is kept as the draft {kept}.", said, StringComparison.Ordinal);
        Assert.Equal("of the second", (await second.JsonAsync($"/api/workflows/drafts/{kept}")).GetProperty("description").GetString());
        using var foreign = await first.GetAsync($"/api/workflows/drafts/{kept}");
        Assert.Equal(404, (int)foreign.StatusCode);
    }

    [Fact]
    public async Task A_save_of_a_version_that_is_no_longer_the_newest_is_kept_and_refused()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var first = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var next = first.DeepClone().AsObject();
        next["description"] = "newer";
        await DesignerServer.SavedAsync(author, next, publish: true);
        first["description"] = "of an old tab";
        using var answer = await DesignerServer.SaveAsync(author, first, publish: false);
        var (status, said) = await SaidAsync(answer);
        Assert.Equal(409, status);
        Assert.StartsWith("It was not saved: it has gone on to version 2 since you opened it. What you changed is kept as the draft ", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model": 7}""")]
    [InlineData("[]")]
    [InlineData("nothing")]
    public async Task A_body_that_is_no_definition_is_a_problem_in_words(string body)
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        using var answer = await author.PostAsync("/elsa/api/workflow-definitions", body);
        Assert.Equal(400, (await Caller.ProblemAsync(answer)).Status);
    }

    /// <summary>Status, and the sentence that Studio shows.</summary>
    private static async Task<(int Status, string Said)> SaidAsync(HttpResponseMessage answer)
    {
        await Caller.ProblemAsync(answer);
        var errors = (await Caller.JsonAsync(answer)).GetProperty("errors").GetProperty("definition");
        return ((int)answer.StatusCode, errors[0].GetString()!);
    }
}
