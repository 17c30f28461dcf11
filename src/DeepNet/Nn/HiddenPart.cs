using System.Reflection;

namespace DeepNet.Nn;

/// <summary>A part that a field holds in a form in which it is not found.</summary>
/// <param name="Module">The module that has the field.</param>
/// <param name="Field">The field.</param>
/// <param name="Holder">The type of the object that the part is in.</param>
/// <param name="Kind">The type of the part.</param>
/// <param name="Part">The part; null if it does not exist yet.</param>
internal readonly record struct HiddenPart(Module Module, FieldInfo Field, Type Holder, Type Kind, object? Part)
{
    /// <summary>The error that names the field and the forms that are understood.</summary>
    public NotSupportedException Error(string consequence)
    {
        string field = Field.Name[0] == '<' ? Field.Name[1..Field.Name.IndexOf('>', StringComparison.Ordinal)] : Field.Name;
        return new NotSupportedException($"[module] the field '{field}' of {NameOf(Module.GetType())} holds a {NameOf(Kind)} inside a "
            + $"{NameOf(Holder)}, where {consequence}. "
            + "Modules, parameters and buffers are found in fields of their own and in arrays, lists, dictionaries (as values) and "
            + "tuples of them, also nested: "
            + $"use one of these, derive {NameOf(Holder)} from Module if it is a type of yours, or mark the field [NotChild] if it only "
            + "refers to a part of another model.");
    }

    private static string NameOf(Type type)
    {
        if (type.IsArray) return $"{NameOf(type.GetElementType()!)}[]";
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
