using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads who may do what, and how people show who they are.</summary>
internal static class PeopleReader
{
    public static SignInSpec SignIn(Fields? fields)
    {
        if (fields is null)
        {
            return SignInSpec.KeysOnly;
        }

        var spec = new SignInSpec(fields.Text("passwords_file")) { Provider = Provider(fields.Nested("oidc")) };
        fields.Close();
        return spec;
    }

    private static ProviderSpec? Provider(Fields? fields)
    {
        if (fields is null)
        {
            return null;
        }

        var usual = new ProviderSpec(TargetReader.Address(fields, "authority"), fields.RequiredText("client_id"), fields.Text("client_secret_file"));
        var spec = usual with
        {
            Title = fields.Text("title") ?? usual.Title,
            NameClaim = fields.Text("name_claim") ?? usual.NameClaim,
            GroupsClaim = fields.Text("groups_claim") ?? usual.GroupsClaim,
            Scopes = fields.Has("scopes") ? fields.Texts("scopes") : usual.Scopes,
        };
        if (!fields.Has("scopes"))
        {
            fields.Node("scopes");
        }

        if (Uri.TryCreate(spec.Authority, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            fields.Diagnostics.Error(fields.At("authority"), "CONF007", $"\"{spec.Authority}\" would be asked over a connection that is not encrypted", "allowed: https, or http on this machine");
        }

        fields.Close();
        return spec;
    }

    public static PersonSpec Person(Fields fields)
    {
        var models = fields.Nested("models");
        if (models is null)
        {
            fields.Required("roles");
        }

        return new PersonSpec(Roles(fields, "roles")) { Models = models is null ? ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty : Models(models) };
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Models(Fields models) =>
        models.All.ToImmutableSortedDictionary(field => field.Name, field => Roles(models, field.Name), StringComparer.Ordinal);

    private static ImmutableArray<string> Roles(Fields fields, string name)
    {
        var roles = fields.Texts(name);
        foreach (var unknown in roles.Where(role => !PersonSpec.Words.Contains(role)))
        {
            fields.Diagnostics.Error(fields.At(name), "CONF012", $"\"{unknown}\" is no role", $"allowed: {string.Join(", ", PersonSpec.Words)}", Nearest.To(unknown, PersonSpec.Words));
        }

        return roles;
    }
}
