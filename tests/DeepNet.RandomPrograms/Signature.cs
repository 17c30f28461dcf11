using System.Reflection;

namespace DeepNet.RandomPrograms;

/// <summary>
/// The name by which the catalog knows a public method: <c>Tensor.Sum(int, bool)</c>, or <c>new Linear(int, int, bool, Generator)</c>.
/// </summary>
internal static class Signature
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double", [typeof(float)] = "float",
        [typeof(bool)] = "bool", [typeof(string)] = "string",
    };

    public static string Of(MethodBase method)
    {
        string parameters = string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)));
        return method.IsConstructor ? $"new {Name(method.DeclaringType!)}({parameters})"
            : $"{Name(method.DeclaringType!)}.{method.Name}({parameters})";
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (type.IsArray) return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (!type.IsGenericType) return type.Name;
        string arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true ? $"({arguments})"
            : $"{type.Name.Split('`')[0]}<{arguments}>";
    }
}
