using System.Reflection;
using DeepNet.Nn;
using Module = DeepNet.Nn.Module;

namespace DeepNet.RandomPrograms;

/// <summary>A public operator and the way to choose arguments for it.</summary>
/// <param name="Name">Its signature.</param>
/// <param name="Method">The method, or the constructor of a layer.</param>
/// <param name="Choose">Chooses arguments, the instance first; null where nothing fits.</param>
internal sealed record Operation(string Name, MethodBase Method, Func<Choices, object?[]?> Choose)
{
    /// <summary>The method of a layer that is called with the arguments behind those of the constructor.</summary>
    public MethodInfo? Forward { get; init; }

    /// <summary>True if the result takes no part in the gradient although it follows from what does.</summary>
    public bool IsCut { get; init; }

    /// <summary>True if it writes to its instance or first argument.</summary>
    public bool IsInPlace { get; init; }

    public bool IsLayer => Forward is not null;

    /// <summary>Types of all arguments in order.</summary>
    public Type[] Types { get; } = [.. TypesOf(Method)];

    private static IEnumerable<Type> TypesOf(MethodBase method)
    {
        if (method is { IsStatic: false, IsConstructor: false }) yield return method.DeclaringType!;
        foreach (var p in method.GetParameters()) yield return p.ParameterType;
    }

    /// <summary>Calls it. The parameters of a layer are handed to <paramref name="onParameter"/> first.</summary>
    public Tensor[] Call(object?[] arguments, Func<Var, Tensor> look, DType run, Action<Tensor> onParameter)
    {
        int own = Types.Length;
        object?[] values = [.. arguments.Take(own).Select((a, i) => Argument.ToValue(a, Types[i], look, run))];
        object? result = Invoker.Call(Method, values);
        if (Forward is not null)
        {
            var layer = ((Module)result!).To(run);
            foreach (var parameter in layer.Parameters()) onParameter(parameter.Value);
            object?[] inputs = [layer, .. arguments.Skip(own).Select(a => Argument.ToValue(a, typeof(Tensor), look, run))];
            result = Invoker.Call(Forward, inputs);
        }
        return Flatten(result ?? values[0]);
    }

    // A method of no result has changed its instance.
    private static Tensor[] Flatten(object? result) => result switch
    {
        Tensor t => [t],
        Tensor[] ts => ts,
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i]))],
        LstmState state => [state.Hidden, state.Cell],
        _ => throw new InvalidOperationException($"{result?.GetType().Name ?? "null"} is not made of tensors."),
    };

    /// <summary>The call in C#.</summary>
    public string ToCode(object?[] arguments, Func<Var, string> name)
    {
        string[] texts = [.. arguments.Select((a, i) => Argument.ToCode(a, i < Types.Length ? Types[i] : typeof(Tensor), name))];
        if (Forward is not null)
        {
            string made = string.Join(", ", texts.Take(Types.Length)), inputs = string.Join(", ", texts.Skip(Types.Length));
            // Module.To gives a Module, which knows one Forward only.
            return Forward.DeclaringType == typeof(Module) ? $"new {Method.DeclaringType!.Name}({made}).To(type).Forward({inputs})"
                : $"(({Method.DeclaringType!.Name})new {Method.DeclaringType.Name}({made}).To(type)).{Forward.Name}({inputs})";
        }
        if (Symbols.TryGetValue(Method.Name, out string? symbol))
            return texts.Length == 1 ? $"{symbol}{texts[0]}" : $"({texts[0]} {symbol} {texts[1]})";
        if (Method.Name == "get_Parts") return $"{texts[0]}[{texts[1]}]";
        if (Method.Name == "set_Parts") return $"{texts[0]}[{texts[1]}] = {texts[2]}";
        if (Method.IsSpecialName) return $"{texts[0]}.{Method.Name[4..]}";
        return Method.IsStatic
            ? $"{Method.DeclaringType!.Name}.{Method.Name}({string.Join(", ", texts)})"
            : $"{texts[0]}.{Method.Name}({string.Join(", ", texts.Skip(1))})";
    }

    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_UnaryNegation"] = "-", ["op_UnaryPlus"] = "+", ["op_LogicalNot"] = "!",
        ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^",
        ["op_GreaterThan"] = ">", ["op_GreaterThanOrEqual"] = ">=", ["op_LessThan"] = "<", ["op_LessThanOrEqual"] = "<=",
    };
}
