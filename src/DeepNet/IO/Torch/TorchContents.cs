using System.Globalization;

namespace DeepNet.IO;

/// <summary>The tensors and the other values of nested dictionaries and lists, by the names of their places joined by points.</summary>
internal sealed class TorchContents
{
    private const int MostDepth = 64, MostOfAName = 1000;
    private readonly ReadLimits limits;
    private readonly HashSet<string> names = [];
    private long visits;

    public TorchContents(object? root, ReadLimits limits)
    {
        this.limits = limits;
        Add("", root, 0);
    }

    public List<(string Name, TorchTensor Tensor)> Tensors { get; } = [];

    public Dictionary<string, object?> Values { get; } = [];

    private void Add(string name, object? value, int depth)
    {
        // One list can stand in many places of another one, and that in a third.
        if (++visits > 10L * limits.MaxTensors) throw new FormatException($"there are more than {10L * limits.MaxTensors} values");
        if (depth > MostDepth) throw new FormatException($"dictionaries and lists lie deeper in one another than {MostDepth}");
        switch (value)
        {
            case PythonDictionary dictionary:
                foreach (var (key, inner) in dictionary.Items) Add(Join(name, key), inner, depth + 1);
                break;
            case List<object?> list:
                for (int i = 0; i < list.Count; i++) Add(Join(name, (long)i), list[i], depth + 1);
                break;
            case object?[] tuple:
                for (int i = 0; i < tuple.Length; i++) Add(Join(name, (long)i), tuple[i], depth + 1);
                break;
            default:
                if (!names.Add(name)) throw new FormatException($"two values are called {Damage.Quote(name)}");
                if (value is not TorchTensor tensor) Values.Add(name, value);
                else if (Tensors.Count < limits.MaxTensors) Tensors.Add((name, tensor));
                else throw new FormatException(
                    $"there are more than {limits.MaxTensors} tensors, the {nameof(ReadLimits)}.{nameof(limits.MaxTensors)}");
                break;
        }
    }

    private static string Join(string name, object? key)
    {
        string last = key switch
        {
            string text => text,
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => throw new FormatException("a dictionary has a key that is neither text nor a whole number"),
        };
        string joined = name.Length == 0 ? last : $"{name}.{last}";
        return joined.Length <= MostOfAName ? joined : throw new FormatException($"a name is longer than {MostOfAName} characters");
    }
}
