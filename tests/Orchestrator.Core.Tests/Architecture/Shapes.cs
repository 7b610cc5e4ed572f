using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>What compiled types of Core may look like: immutable, synchronous, and total over closed families.</summary>
public static class Shapes
{
    private static readonly string[] _asynchronous =
    [
        "System.Threading.Tasks.", "System.Threading.CancellationToken", "System.Threading.Timer", "System.Threading.Thread",
        "System.Collections.Generic.IAsync", "System.IAsync", "System.TimeProvider", "System.IO.Stream",
    ];

    /// <summary>Properties that anybody can set after construction, and fields that anybody can assign.</summary>
    public static IEnumerable<string> PublicSetters(IEnumerable<Type> types)
    {
        var visible = types.Where(type => type.IsVisible).ToList();
        var properties = visible.SelectMany(type => type.GetProperties())
            .Where(property => property.SetMethod is { IsPublic: true } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(property => $"{property.DeclaringType!.FullName}.{property.Name} has a public set");
        var fields = visible.Where(type => !type.IsEnum).SelectMany(type => type.GetFields())
            .Where(field => !field.IsInitOnly && !field.IsLiteral)
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name} is a public field that can be assigned");
        return properties.Concat(fields).Distinct();
    }

    /// <summary>Signatures that wait, tick or stream: the analyzer does not see all of them.</summary>
    public static IEnumerable<string> AsyncSignatures(IEnumerable<Type> types) =>
        from type in types
        from used in UsedTypes.InSignatures(type)
        where _asynchronous.Any(prefix => used.FullName?.StartsWith(prefix, StringComparison.Ordinal) == true)
        select $"{type.FullName} has {used.FullName} in a signature";

    /// <summary>Abstract records that somebody outside could extend.</summary>
    public static IEnumerable<string> OpenFamilies(IEnumerable<Type> types) =>
        from type in types
        where IsRecord(type) && type.IsAbstract
        from constructor in type.GetConstructors(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)
        let copies = constructor.GetParameters() is [var only] && only.ParameterType == type
        where !constructor.IsPrivate && !copies
        select $"{type.FullName} is an abstract record whose constructor is not private";

    /// <summary>Methods that end in <see cref="UnreachableException"/> and ask for some cases of a closed family, but not for all.</summary>
    public static IEnumerable<string> ForgottenCases(IReadOnlyCollection<Type> types)
    {
        var families = types.Where(type => IsRecord(type) && type.IsAbstract)
            .Select(family => (family, cases: types.Where(type => type.IsSubclassOf(family) && !type.IsAbstract).ToList())).ToList();
        return from type in types
               from method in UsedTypes.Methods(type)
               let body = UsedTypes.Body(method).ToList()
               where body.Any(use => use.Code == OpCodes.Newobj && use.Member.DeclaringType == typeof(UnreachableException))
               let asked = body.Where(use => use.Code == OpCodes.Isinst).Select(use => use.Member).OfType<Type>().ToList()
               from family in families
               where family.cases.Any(asked.Contains)
               from forgotten in family.cases.Where(one => !asked.Any(wider => wider.IsAssignableFrom(one)))
               select $"{type.FullName}.{method.Name} forgets {family.family.Name}.{forgotten.Name}";
    }

    private static bool IsRecord(Type type) => type.IsClass && type.GetMethod("<Clone>$") is not null;
}
