using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepNet.Nn;

namespace DeepNet.BitRecord;

/// <summary>Computes results and their gradients, and writes a hash of each.</summary>
internal sealed class Recorder(TextWriter writer, string topic)
{
    private readonly HashSet<string> names = [];

    /// <summary>
    /// Writes the hashes of a function's result and of the gradients of its inputs, for a fixed random gradient of the result.
    /// Half types, which have no gradients, are converted from leaves of float32.
    /// An exception is written in place of the hashes, so that one broken case does not hide the others.
    /// </summary>
    public void Run(string name, Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        Try(name, () =>
        {
            Tensor[] x = [.. inputs.Select(input => input.DType.IsHalf() ? input.To(DType.Float32) : input.Detach())];
            foreach (var input in x)
                if (input.DType.IsDifferentiable()) input.RequiresGrad = true;
            var y = function([.. x.Select((leaf, i) => leaf.To(inputs[i].DType))]);
            Add(name, y);
            if (!y.RequiresGrad) return;
            y.Backward(Values.Of(y.Shape, y.DType, seed: 99));
            AddGradients(name, x);
        });
    }

    /// <summary>
    /// Writes the hashes of the result, the gradients and the state of a layer, in training and in evaluation. Its parameters have fixed
    /// values.
    /// </summary>
    public void Layer(string name, Func<Layer> make, Tensor x, Func<Tensor, Tensor>? then = null)
    {
        Try(name, () =>
        {
            var layer = make();
            layer.To(x.DType == DType.Float64 ? DType.Float64 : DType.Float32);
            var parameters = layer.Parameters();
            using (Autograd.NoGrad())
                for (int i = 0; i < parameters.Count; i++)
                    parameters[i].Value.CopyFrom(Values.Of(parameters[i].Shape, parameters[i].Value.DType, seed: 7 + i));
            foreach (bool training in new[] { true, false })
            {
                layer.Train(training);
                layer.ZeroGrad();
                string mode = training ? name : $"{name}, evaluation";
                Run(mode, t => then is null ? layer.Forward(t[0]) : then(layer.Forward(t[0])), x);
                AddGradients($"{mode}, parameter", [.. parameters.Select(p => p.Value)]);
            }
            Add($"{name}, state", layer.State().Values);
        });
    }

    /// <summary>Runs a case with freshly seeded random numbers.</summary>
    public void Try(string name, Action action)
    {
        Generator.SetSeed(1);
        try
        {
            action();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Write($"{name} exception", (e.InnerException ?? e).GetType().Name);
        }
    }

    /// <summary>Writes the hashes of the gradients of some leaves.</summary>
    public void AddGradients(string name, IReadOnlyList<Tensor> leaves)
    {
        for (int i = 0; i < leaves.Count; i++)
            if ((leaves[i].SparseGrad?.ToDense() ?? leaves[i].Grad) is { } gradient) Add($"{name} gradient {i}", gradient);
    }

    /// <summary>Writes the hash of the type, the shape and the elements of a tensor.</summary>
    public void Add(string name, Tensor tensor) => Write(name, Hash([tensor]));

    /// <summary>Writes one hash of several tensors.</summary>
    public void Add(string name, IEnumerable<Tensor> tensors) => Write(name, Hash(tensors));

    private void Write(string name, string hash)
    {
        string line = $"{topic}/{name}".Replace(' ', '_');
        if (!names.Add(line)) throw new InvalidOperationException($"Two results are called {line}.");
        writer.WriteLine($"{line} {hash}");
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            hash.AppendData([(byte)tensor.DType, (byte)tensor.Rank]);
            foreach (int length in tensor.Shape) hash.AppendData(BitConverter.GetBytes(length));
            hash.AppendData(Bytes(tensor.Detach()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Half types widen to float32 without a change of value. Which NaN an operation gives depends on the order of its operands: all count
    // as one.
    private static byte[] Bytes(Tensor tensor) => tensor.DType switch
    {
        DType.Float64 => Bytes(OneNaN(tensor.ToArray<double>())),
        DType.Float32 => Bytes(OneNaN(tensor.ToArray<float>())),
        DType.Float16 or DType.BFloat16 => Bytes(OneNaN(tensor.To(DType.Float32).ToArray<float>())),
        DType.Int32 => Bytes(tensor.ToArray<int>()),
        DType.Int64 => Bytes(tensor.ToArray<long>()),
        _ => Bytes(tensor.ToArray<bool>()),
    };

    private static byte[] Bytes<T>(T[] elements) where T : unmanaged => MemoryMarshal.AsBytes<T>(elements).ToArray();

    private static T[] OneNaN<T>(T[] elements) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (ref T element in elements.AsSpan())
            if (T.IsNaN(element)) element = T.NaN;
        return elements;
    }
}
