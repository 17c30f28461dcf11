using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models.Tests.Weights;

public class PretrainedTests
{
    private static readonly Gpt2Config small = new(13, 12, 16, 2, 2);

    [Fact]
    public void Shards_are_read_by_their_index()
    {
        using var folder = new TemporaryFolder();
        var model = new Gpt2(small, new Generator(1));
        Split(model, folder, 3);
        var copy = new Gpt2(small, new Generator(2));
        var report = copy.LoadPretrained(folder.Path);
        Assert.True(report.IsComplete);
        Assert.Equal(model.State().Count, report.Loaded.Count);
        foreach (var (name, tensor) in model.State()) Assert.True(tensor.ArrayEqual(copy.State()[name]), name);
    }

    [Fact]
    public void Shard_that_lacks_a_tensor_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        Split(new Gpt2(small, new Generator(1)), folder, 2);
        var shard = SafeTensors.Load(folder.File("part1.safetensors"));
        SafeTensors.Save(folder.File("part1.safetensors"), shard.Skip(1));
        string lost = shard.First().Key;
        var (model, before) = Remembered();
        var error = Assert.Throws<InvalidDataException>(() => model.LoadPretrained(folder.Path));
        Assert.Contains($"says that '{lost}' is in part1.safetensors, where it is not", error.Message, StringComparison.Ordinal);
        Same(before, model);
    }

    [Theory]
    [InlineData("../part0.safetensors")]
    [InlineData("/etc/hostname")]
    [InlineData("a\\\\b")]
    [InlineData("..")]
    [InlineData("")]
    public void Shards_lie_in_the_folder(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"" + name + "\"}}");
        var error = Assert.Throws<InvalidDataException>(() => new Gpt2(small).LoadPretrained(folder.Path));
        Assert.Contains("which is no name of a file beside it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "has no weight_map")]
    [InlineData("""{"weight_map": 3}""", "has no weight_map")]
    [InlineData("""{"weight_map": {"a": 3}}""", "which is no name of a file")]
    [InlineData("""{"weight_map": {"a": "b", "a": "c"}}""", "lists 'a' twice")]
    [InlineData("""{"weight_map": {"a": "b"}}""", "lists b, which is not beside it")]
    [InlineData("""{"weight_map": {"a": "\ud800"}}""", "has text that is no Unicode")]
    public void Damaged_index_is_refused(string json, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("model.safetensors.index.json"), json);
        var error = Assert.Throws<InvalidDataException>(() => new Gpt2(small).LoadPretrained(folder.Path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_error_lists_all_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        new Gpt2(small, new Generator(1)).SavePretrained(folder.Path);
        var state = new Dictionary<string, Tensor>(SafeTensors.Load(folder.File("model.safetensors")));
        state.Remove("transformer.ln_f.bias");
        state["transformer.wpe.weight"] = Tensor.Zeros(5, 16);
        state["extra"] = Tensor.Zeros(1);
        SafeTensors.Save(folder.File("model.safetensors"), state);
        var (model, before) = Remembered();
        var error = Assert.Throws<ArgumentException>(() => model.LoadPretrained(folder.Path));
        Assert.Contains("does not fit this Gpt2, and nothing was changed: 26 of 28 tensors have values in the file\n"
            + "  missing: transformer.ln_f.bias\n  unexpected: extra\n"
            + "  another shape: transformer.wpe.weight is (12, 16) in the model and (5, 16) in the file",
            error.Message, StringComparison.Ordinal);
        Same(before, model);

        var report = model.LoadPretrained(folder.Path, strict: false);
        Assert.Equal((26, "transformer.ln_f.bias", "extra"), (report.Loaded.Count, report.Missing.Single(), report.Unexpected.Single()));
        Assert.Equal(("transformer.wpe.weight", new Shape(12, 16), new Shape(5, 16)), report.Reshaped.Single());
        Assert.True(model.State()["transformer.wte.weight"].ArrayEqual(state["transformer.wte.weight"]));
        Assert.True(model.State()["transformer.wpe.weight"].ArrayEqual(before["transformer.wpe.weight"]));
    }

    [Fact]
    public void Published_files_of_GPT2_lack_a_prefix_and_hold_masks()
    {
        using var folder = new TemporaryFolder();
        var model = new Gpt2(small, new Generator(1));
        model.SavePretrained(folder.Path);
        var file = SafeTensors.Load(folder.File("model.safetensors"))
            .ToDictionary(entry => entry.Key["transformer.".Length..], entry => entry.Value);
        file["h.0.attn.bias"] = Tensor.Ones(1, 1, 12, 12);
        file["lm_head.weight"] = file["wte.weight"];
        SafeTensors.Save(folder.File("model.safetensors"), file);
        var copy = new Gpt2(small, new Generator(2));
        var report = copy.LoadPretrained(folder.Path);
        Assert.True(report.IsComplete);
        Assert.Equal(["h.0.attn.bias", "lm_head.weight"], report.Ignored.Order());
        foreach (var (name, tensor) in model.State()) Assert.True(tensor.ArrayEqual(copy.State()[name]), name);
    }

    [Fact]
    public void Matrices_of_GPT2_lie_transposed_in_files()
    {
        using var folder = new TemporaryFolder();
        var model = new Gpt2(small, new Generator(1));
        model.SavePretrained(folder.Path);
        var file = SafeTensors.Load(folder.File("model.safetensors"), out var metadata);
        Assert.Equal("pt", metadata["format"]);
        Assert.Equal(new Shape(16, 48), file["transformer.h.0.attn.c_attn.weight"].Shape);
        Assert.True(file["transformer.h.1.mlp.c_proj.weight"].ArrayEqual(model.State()["transformer.h.1.mlp.c_proj.weight"].T));
        Assert.True(file["transformer.wte.weight"].ArrayEqual(model.State()["transformer.wte.weight"]));
    }

    [Fact]
    public void Older_files_of_BERT_are_read()
    {
        using var folder = new TemporaryFolder();
        var config = new BertConfig(13, 16, 1, 2, 32) { ContextLength = 8 };
        var model = new Bert(config, new Generator(1));
        var file = model.State().Where(entry => !entry.Key.StartsWith("pooler", StringComparison.Ordinal)).ToDictionary(
            entry => "bert." + entry.Key.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
                .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), entry => entry.Value);
        file["bert.embeddings.position_ids"] = file["cls.predictions.bias"] = Tensor.Zeros(1);
        SafeTensors.Save(folder.File("model.safetensors"), file);
        var copy = new Bert(config, new Generator(2));
        Assert.True(copy.LoadPretrained(folder.Path).IsComplete);
        Assert.True(copy.State()["embeddings.LayerNorm.weight"].ArrayEqual(model.State()["embeddings.LayerNorm.weight"]));
        Assert.False(copy.State()["pooler.dense.weight"].ArrayEqual(model.State()["pooler.dense.weight"]));
    }

    [Fact]
    public void Older_files_lack_the_counters_of_norms()
    {
        using var folder = new TemporaryFolder();
        var config = new ResNetConfig([1]) { Width = 4, IsForSmallImages = true, Classes = 2 };
        var model = new ResNet(config, new Generator(1));
        SafeTensors.Save(folder.File("model.safetensors"),
            model.State().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)));
        var copy = new ResNet(config, new Generator(2));
        Assert.True(copy.LoadPretrained(folder.Path).IsComplete);
        Assert.True(copy.State()["fc.weight"].ArrayEqual(model.State()["fc.weight"]));
    }

    [Fact]
    public void Files_of_tied_models_hold_the_vectors_twice()
    {
        using var folder = new TemporaryFolder();
        var config = new LstmLanguageConfig(11, 6, 6, 1) { IsTied = true };
        var model = new LstmLanguageModel(config, new Generator(1));
        SafeTensors.Save(folder.File("model.safetensors"),
            [.. model.State(), KeyValuePair.Create("decoder.weight", model.State()["encoder.weight"])]);
        var report = new LstmLanguageModel(config, new Generator(2)).LoadPretrained(folder.Path);
        Assert.Equal(["decoder.weight"], report.Ignored);
    }

    [Fact]
    public void Half_precision_files_fill_float32_models()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new Linear(3, 2));
        SafeTensors.Save(folder.File("one.safetensors"), model.State().Select(e => KeyValuePair.Create(e.Key, e.Value.To(DType.BFloat16))));
        var copy = new Sequential(new Linear(3, 2));
        Assert.True(copy.LoadPretrained(folder.Path).IsComplete);       // the one file of the folder
        Assert.Equal(DType.Float32, copy.State()["0.weight"].DType);
        Assert.True(copy.State()["0.weight"].AllClose(model.State()["0.weight"], 1e-2));
    }

    [Fact]
    public void Pipes_are_refused_before_they_are_opened()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "config.json", "model.safetensors.index.json" })
            System.Diagnostics.Process.Start("mkfifo", folder.File(name)).WaitForExit();
        Assert.Throws<InvalidDataException>(() => Gpt2Config.Load(folder.Path));
        Assert.Throws<InvalidDataException>(() => new Gpt2(small).LoadPretrained(folder.Path));
        Assert.Throws<FileNotFoundException>(() => Gpt2Config.Load(folder.File("nothing")));
    }

    [Fact]
    public void Folder_without_weights_says_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FileNotFoundException>(() => new Gpt2(small).LoadPretrained(folder.Path));
        Assert.Contains("has none of model.safetensors, model.safetensors.index.json, pytorch_model.bin", error.Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder.File("a.pt"), "");
        File.WriteAllText(folder.File("b.pt"), "");
        error = Assert.Throws<FileNotFoundException>(() => new Gpt2(small).LoadPretrained(folder.Path));
        Assert.Contains("has 2 files *.pt: give the name of one", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("gpt2.pt")]
    [InlineData("gpt2.pth")]
    public void Files_of_PyTorch_are_read(string name)
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (new Gpt2(small, new Generator(1)), new Gpt2(small, new Generator(2)));
        one.SavePretrained(folder.File("gpt2.safetensors"));
        TorchFile.Save(folder.File(name), SafeTensors.Load(folder.File("gpt2.safetensors")));
        File.Delete(folder.File("gpt2.safetensors"));
        Assert.True(other.LoadPretrained(folder.Path).IsComplete);
        foreach (var (path, tensor) in one.State()) Assert.True(tensor.ArrayEqual(other.State()[path]), path);
    }

    [Fact]
    public void Shards_can_be_files_of_PyTorch()
    {
        using var folder = new TemporaryFolder();
        var model = new Linear(3, 2);
        var (first, second) = (folder.File("pytorch_model-00001-of-00002.bin"), folder.File("pytorch_model-00002-of-00002.bin"));
        TorchFile.Save(first, [new("weight", Tensor.Ones(2, 3)), new("other", Tensor.Zeros(2))]);
        TorchFile.Save(second, [new("bias", Tensor.Full(new Shape(2), 5))]);
        File.WriteAllText(folder.File("pytorch_model.bin.index.json"), $$"""
            {"weight_map": {"weight": "{{Path.GetFileName(first)}}", "bias": "{{Path.GetFileName(second)}}"} }
            """);
        Assert.True(model.LoadPretrained(folder.Path).IsComplete);
        Assert.Equal([5, 5], model.Bias!.Value.ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1], model.Weight.Value.ToArray());
    }

    [Theory]
    [InlineData("""{"model_type":"bert"}""", typeof(NotSupportedException), "has model_type 'bert'; this model knows gpt2")]
    [InlineData("""{"model_type":"gpt2","n_embd":"x"}""", typeof(InvalidDataException), "n_embd \"x\", which is not an")]
    [InlineData(
        """{"model_type":"gpt2","n_layer":0}""", typeof(InvalidDataException), "n_layer 0, which is not an integer from 1 to 100,000,000")]
    [InlineData("""{"model_type":"gpt2","activation_function":"relu"}""", typeof(NotSupportedException), "has activation_function 'relu'")]
    [InlineData("""{"model_type":"gpt2","layer_norm_epsilon":true}""", typeof(InvalidDataException), "true, which is not a number")]
    [InlineData("""{"model_type":"\ud800"}""", typeof(InvalidDataException), "has text that is no Unicode")]
    [InlineData("[1]", typeof(InvalidDataException), "is no JSON object")]
    [InlineData("{", typeof(InvalidDataException), "is no JSON")]
    public void Configurations_that_are_not_understood_are_refused(string json, Type type, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.json"), json);
        var error = Assert.Throws(type, () => Gpt2Config.Load(folder.Path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static (Gpt2 Model, Dictionary<string, Tensor> Before) Remembered()
    {
        var model = new Gpt2(small, new Generator(9));
        return (model, model.State().ToDictionary(entry => entry.Key, entry => entry.Value.Clone()));
    }

    private static void Same(Dictionary<string, Tensor> before, Module model)
    {
        foreach (var (name, tensor) in model.State()) Assert.True(tensor.ArrayEqual(before[name]), name);
    }

    private static void Split(Module model, TemporaryFolder folder, int count)
    {
        model.SavePretrained(folder.Path);
        var all = SafeTensors.Load(folder.File("model.safetensors")).ToList();
        File.Delete(folder.File("model.safetensors"));
        var map = new System.Text.Json.Nodes.JsonObject();
        for (int i = 0; i < count; i++)
        {
            var part = all.Where((_, at) => at % count == i).ToList();
            SafeTensors.Save(folder.File($"part{i}.safetensors"), part);
            foreach (var (name, _) in part) map[name] = $"part{i}.safetensors";
        }
        File.WriteAllText(
            folder.File("model.safetensors.index.json"), new System.Text.Json.Nodes.JsonObject { ["weight_map"] = map }.ToJsonString());
    }
}
