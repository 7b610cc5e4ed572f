using System.Text.Json.Nodes;
using LibGit2Sharp;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class ProposalTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task A_change_of_an_authored_definition_is_proposed_as_a_file_and_nothing_in_force_changes()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        using var begun = await author.PostAsync("/api/workflows/notify/edit", "{}");
        Assert.Equal(("notify", true), (Text(await Caller.JsonAsync(begun), "definition"), (await Caller.JsonAsync(begun)).GetProperty("is_yours").GetBoolean()));
        var scratch = await DesignerServer.OpenAsync(author, "notify");
        Assert.True(DesignerServer.MayPublish(scratch));
        scratch["description"] = "Tells people more.";
        using var proposed = await DesignerServer.SaveAsync(author, scratch, publish: true);
        Assert.StartsWith("Proposed. The rules come from a folder: download the changed file from ", Uri.UnescapeDataString(proposed.Headers.GetValues("x-orchestrator-said").Single()), StringComparison.Ordinal);

        var proposal = (await author.JsonAsync("/api/workflows/proposals"))[0];
        Assert.Equal(("notify", "author@example.org"), (Text(proposal, "definition"), Text(proposal, "by")));
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("workflows/notify.json"), TestContext.Current.CancellationToken))!;
        expected["description"] = "Tells people more.";
        expected["version"] = 2;
        expected["id"] = "notify-2";
        var file = JsonNode.Parse(await author.TextAsync($"/api/workflows/proposals/{Text(proposal, "id")}/file"));
        Assert.True(JsonNode.DeepEquals(expected, file), file!.ToJsonString());
        var inForce = await DesignerServer.OpenAsync(author, "notify");
        Assert.Equal((1, false), (inForce["version"]!.GetValue<int>(), DesignerServer.MayPublish(inForce)));
    }

    [Fact]
    public void A_proposal_to_a_repository_is_one_commit_on_a_branch_of_its_own()
    {
        using var folder = new TempFolder();
        var path = LibGit2Sharp.Repository.Init(folder["rules"]);
        using var repository = new LibGit2Sharp.Repository(path);
        folder.Write("rules/workflows/notify.json", "{}\n");
        LibGit2Sharp.Commands.Stage(repository, "*");
        var signature = new Signature("keeper", "keeper@example.org", DateTimeOffset.UnixEpoch);
        var tip = repository.Commit("first", signature, signature);
        var file = new ProposedFile("workflows/notify.json", "{\"changed\": true}\n", "workflows: change notify", "author@example.org", DateTimeOffset.UnixEpoch);

        var branch = GitProposal.Push(folder["rules"], repository.Head.FriendlyName, file);
        var again = GitProposal.Push(folder["rules"], repository.Head.FriendlyName, file);

        Assert.Equal(branch, again);
        Assert.StartsWith("proposals/notify-", branch, StringComparison.Ordinal);
        var commit = repository.Branches[branch].Tip;
        Assert.Equal((tip.Sha, "author@example.org", "workflows: change notify\n"), (commit.Parents.Single().Sha, commit.Author.Email, commit.Message));
        Assert.Equal("{\"changed\": true}\n", ((Blob)commit["workflows/notify.json"].Target).GetContentText());
        Assert.Equal("{}\n", ((Blob)repository.Head.Tip["workflows/notify.json"].Target).GetContentText());
    }

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString();
}
