using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Runtime.Tests.Keys;

public sealed class PeopleTests : IDisposable
{
    private readonly TestDatabase _database = new();

    private People People => new(new KeyRing(_database.Open), OperatorFile.Read("orchestrator.yaml", """
        folder: rules
        sign_in: {oidc: {authority: "https://login.example.org", client_id: orchestrator}}
        people:
          ann@example.org: {roles: [labeler]}
          "oidc:vision": {models: {digits: [approver], churn: [viewer]}}
          "oidc:lab": {models: {digits: [labeler]}}
        """).Value!, ".");

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_person_has_the_roles_of_the_name_and_of_every_group()
    {
        var ann = People.Known("ann@example.org", ["oidc:vision", "oidc:lab", "oidc:unknown"])!;
        Assert.Equal([Role.Labeler], ann.Roles);
        Assert.Equal([Role.Labeler, Role.Approver], ann.Models["digits"]);
        Assert.Null(ann.OnlyModels);
        Assert.True(ann.MayFor(Role.Approver, "digits"));
        Assert.False(ann.MayFor(Role.Approver, "churn"));
        Assert.True(ann.Is("oidc:lab"));
        Assert.False(ann.Is("oidc:root"));
    }

    [Fact]
    public void Whoever_has_roles_for_single_models_sees_nothing_else()
    {
        var bob = People.Known("bob@example.org", ["oidc:vision"])!;
        Assert.Equal(["churn", "digits"], bob.OnlyModels);
        Assert.Equal((true, true, false, false), (bob.Sees("churn"), bob.MaySomewhere(Role.Approver), bob.Sees("fraud"), bob.Sees(null)));
        Assert.False(bob.May(Role.Viewer));
        Assert.False(bob.MayFor(Role.Labeler, "digits"));
    }

    [Fact]
    public void Whom_neither_name_nor_group_gives_a_role_is_nobody() => Assert.Null(People.Known("eve@example.org", ["oidc:unknown"]));
}
