using System.Globalization;
using System.Text;

namespace DeepNet.RandomPrograms;

/// <summary>A straight-line program over tensors. Its outputs are the results that no other statement reads.</summary>
/// <param name="Steps">The statements.</param>
/// <param name="InScope">True to run it, its backward pass included, inside a memory scope.</param>
/// <param name="OneByOne">True for a backward pass for each output, false for one through the sum of all.</param>
/// <param name="IsSmooth">False if a kink may be so near that finite differences say nothing.</param>
internal sealed record RandomProgram(IReadOnlyList<Step> Steps, bool InScope, bool OneByOne, bool IsSmooth)
{
    /// <summary>Drops statements whose results nobody reads, all but those of the outputs asked for.</summary>
    public RandomProgram Without(Predicate<Step> unwanted)
    {
        var kept = new List<Step>();
        var read = new HashSet<int>();
        foreach (var step in Steps.Reverse())
        {
            if (!read.Contains(step.Id) && unwanted(step)) continue;
            kept.Insert(0, step);
            read.UnionWith(step.Inputs.Select(v => v.Step));
        }
        return this with { Steps = kept };
    }

    /// <summary>The program in C#, to be pasted.</summary>
    public override string ToString()
    {
        var code = new StringBuilder("const DType type = DType.Float64;\n");
        if (InScope) code.Append("using var scope = Memory.Scope();\n");
        var parts = new Dictionary<int, Func<int, string>>();
        var read = Steps.SelectMany(s => s.Inputs).Select(v => v.Step).ToHashSet();
        foreach (var step in Steps) Write(code, step, "", v => Name(v, parts), parts);
        var outputs = Steps.Where(s => !read.Contains(s.Id)).Select(s => s.Id);
        return code.Append(CultureInfo.InvariantCulture, $"// Outputs: {string.Join(", ", outputs.Select(id => $"t{id}"))}").ToString();
    }

    private static string Name(Var v, Dictionary<int, Func<int, string>> parts)
        => $"t{v.Step}{(parts.TryGetValue(v.Step, out var part) ? part(v.Part) : "")}";

    private static void Write(
        StringBuilder code, Step step, string indent, Func<Var, string> name, Dictionary<int, Func<int, string>> parts)
    {
        switch (step)
        {
            case Leaf leaf:
                string shape = Argument.ToCode(leaf.Shape, typeof(Shape), name);
                code.Append(CultureInfo.InvariantCulture, $"{indent}var t{leaf.Id} = Tensor.Uniform({shape}, ");
                code.Append(CultureInfo.InvariantCulture, $"{leaf.Low:R}, {leaf.High:R}, ");
                code.Append(CultureInfo.InvariantCulture,
                    $"DType.Float64, generator: new Generator({leaf.Seed})).To(type){(leaf.RequiresGrad ? ".WithGrad()" : "")};\n");
                break;
            case Call call:
                var method = call.Operation.Forward ?? call.Operation.Method;
                var result = (method as System.Reflection.MethodInfo)?.ReturnType;
                if (result == typeof(Tensor[])) parts[call.Id] = i => $"[{i}]";
                else if (result?.IsGenericType == true) parts[call.Id] = i => $".Item{i + 1}";
                string text = call.Operation.ToCode(call.Arguments, name);
                if (result == typeof(void))
                {
                    code.Append(CultureInfo.InvariantCulture, $"{indent}{text};\n");
                    text = name((Var)call.Arguments[0]!);
                }
                code.Append(CultureInfo.InvariantCulture, $"{indent}var t{call.Id} = {text};\n");
                break;
            case Block { Kind: BlockKind.Checkpoint } block:
                Var[] inputs = [.. block.Inputs];
                code.Append(CultureInfo.InvariantCulture, $"{indent}var t{block.Id} = Autograd.Checkpoint(x =>\n{indent}{{\n");
                Func<Var, string> inner = v => Array.IndexOf(inputs, v) is >= 0 and var i ? $"x[{i}]" : name(v);
                foreach (var part in block.Body) Write(code, part, indent + "    ", inner, parts);
                string names = string.Join(", ", inputs.Select(name));
                code.Append(CultureInfo.InvariantCulture, $"{indent}    return t{block.Id};\n{indent}}}, [{names}]);\n");
                break;
            case Block block:
                code.Append(CultureInfo.InvariantCulture, $"{indent}Tensor t{block.Id};\n{indent}using (Autograd.NoGrad())\n{indent}{{\n");
                if (block.Kind == BlockKind.NoGradInScope) code.Append(indent).Append("    using var inner = Memory.Scope();\n");
                foreach (var part in block.Body) Write(code, part, indent + "    ", name, parts);
                string kept = block.Kind == BlockKind.NoGradInScope ? $"    inner.Keep(t{block.Id});\n" : "";
                code.Replace($"var t{block.Id} =", $"t{block.Id} =").Append(kept).Append(indent).Append("}\n");
                break;
        }
    }
}
