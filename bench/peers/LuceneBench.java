import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/**
 * Lucene as a contestant of bench.peers. Commands, input and output are those of worker.py, which documents them.
 *
 * <p>The analyzer is ArabicAnalyzer with its stop words. Id, title and body are stored, title and body have positions;
 * merging is default, with one commit. Searches use the classic query parser, snippets UnifiedHighlighter.
 */
public final class LuceneBench {
    private static final int HITS = 10;
    private static final int PASSAGES = 2;
    private static final Set<String> SHOWN = Set.of("id", "title");

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("index")) {
            index(Paths.get(arguments[1]), Paths.get(arguments[2]), Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]), Long.parseLong(arguments[6]));
        } else {
            serve(Paths.get(arguments[1]), Files.readAllLines(Paths.get(arguments[2]), StandardCharsets.UTF_8));
        }
    }

    private static void index(Path source, Path folder, int limit, int warmUp, int threads, long memory)
            throws Exception {
        if (warmUp > 0) {
            Path other = Files.createTempDirectory("lucene");
            build(source, other, warmUp, threads, memory);
            remove(other);
        }
        long start = System.nanoTime();
        int count = 0;
        try (Articles articles = new Articles(source, limit)) {
            while (articles.next() != null) {
                count++;
            }
        }
        double reading = (System.nanoTime() - start) / 1e9;
        long used = cpu();
        start = System.nanoTime();
        build(source, folder, limit, threads, memory);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT,
            "{\"articles\": %d, \"reading\": %f, \"seconds\": %f, \"cpu\": %f, \"own peak\": %d}%n",
            count, reading, seconds, (cpu() - used) / 1e9, peakMemory());
    }

    /** Builds an index; closing the writer waits for its merges. */
    private static void build(Path source, Path folder, int limit, int threads, long memory) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(new ArabicAnalyzer());
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(memory / 1048576.0);
        try (FSDirectory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, config);
                Articles articles = new Articles(source, limit)) {
            if (threads == 1) {
                addAll(writer, articles);
            } else {
                ExecutorService pool = Executors.newFixedThreadPool(threads);
                List<Future<Void>> running = new ArrayList<>();
                for (int at = 0; at < threads; at++) {
                    Callable<Void> task = () -> {
                        addAll(writer, articles);
                        return null;
                    };
                    running.add(pool.submit(task));
                }
                for (Future<Void> one : running) {
                    one.get();
                }
                pool.shutdown();
            }
            writer.commit();
        }
    }

    private static void addAll(IndexWriter writer, Articles articles) throws IOException {
        for (Article article = articles.next(); article != null; article = articles.next()) {
            Document document = new Document();
            document.add(new StringField("id", article.part(0), Field.Store.YES));
            document.add(new TextField("title", article.part(1), Field.Store.YES));
            document.add(new TextField("body", article.part(2), Field.Store.YES));
            writer.addDocument(document);
        }
    }

    private static void serve(Path folder, List<String> queries) throws Exception {
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder));
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            System.out.println("{\"ready\": true, \"version\": \"" + Version.LATEST + "\"}");
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                Search search = new Search(searcher, words[0], words[1].equals("snippets"));
                double seconds = Double.parseDouble(words[2]);
                System.out.println(seconds > 0 ? warmUp(search, queries, seconds) : measure(search, queries));
            }
        }
    }

    private static String warmUp(Search search, List<String> queries, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int count = 0;
        while (!queries.isEmpty() && System.nanoTime() < end) {
            search.run(queries.get(count++ % queries.size()));
        }
        return "{\"queries\": " + count + "}";
    }

    private static String measure(Search search, List<String> queries) throws Exception {
        List<Double> micros = new ArrayList<>();
        List<Integer> hits = new ArrayList<>();
        for (String query : queries) {
            long start = System.nanoTime();
            int found = search.run(query);
            micros.add((System.nanoTime() - start) / 1000.0);
            hits.add(found);
        }
        return "{\"micros\": " + micros + ", \"hits\": " + hits + "}";
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    }

    /** Returns the peak memory in bytes, or 0 if the system does not report it. */
    private static long peakMemory() throws IOException {
        Path status = Paths.get("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return 0;
    }

    private static void remove(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    /** A search in one mode, with or without snippets. */
    private static final class Search {
        private final IndexSearcher searcher;
        private final MultiFieldQueryParser parser;
        private final UnifiedHighlighter highlighter;

        Search(IndexSearcher searcher, String mode, boolean snippets) {
            Analyzer analyzer = new ArabicAnalyzer();
            this.searcher = searcher;
            parser = new MultiFieldQueryParser(new String[] {"title", "body"}, analyzer);
            parser.setDefaultOperator(mode.equals("and") ? QueryParser.Operator.AND : QueryParser.Operator.OR);
            highlighter = snippets ? new UnifiedHighlighter(searcher, analyzer) : null;
            if (snippets) {
                highlighter.setMaxLength(Integer.MAX_VALUE - 1); // the whole article, as in the other engines
            }
        }

        int run(String text) throws Exception {
            Query query = parser.parse(QueryParser.escape(text));
            TopDocs found = searcher.search(query, HITS);
            StoredDocuments documents = new StoredDocuments(searcher);
            int shown = 0;
            for (ScoreDoc hit : found.scoreDocs) {
                Document document = documents.document(hit.doc, SHOWN);
                if (document.get("id") != null && document.get("title") != null) {
                    shown++;
                }
            }
            if (highlighter != null && shown > 0) {
                highlighter.highlight("body", query, found, PASSAGES);
            }
            return shown;
        }
    }

    /** The id, title and body of an article in UTF-8. */
    private static final class Article {
        private final byte[][] parts;

        Article(byte[][] parts) {
            this.parts = parts;
        }

        String part(int at) {
            return new String(parts[at], StandardCharsets.UTF_8);
        }
    }

    /** A reader of the file that articles.py writes; threads may share it. */
    private static final class Articles implements AutoCloseable {
        private final DataInputStream input;
        private int left;

        Articles(Path source, int limit) throws IOException {
            input = new DataInputStream(new BufferedInputStream(Files.newInputStream(source), 1 << 20));
            left = limit > 0 ? limit : Integer.MAX_VALUE;
        }

        synchronized Article next() throws IOException {
            if (left-- <= 0) {
                return null;
            }
            byte[][] parts = new byte[3][];
            try {
                parts[0] = new byte[input.readInt()];
            } catch (EOFException end) {
                left = 0;
                return null;
            }
            parts[1] = new byte[input.readInt()];
            parts[2] = new byte[input.readInt()];
            for (byte[] part : parts) {
                input.readFully(part);
            }
            return new Article(parts);
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }
}
