import java.io.IOException;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;

/** Reads stored fields with Lucene 10. */
final class StoredDocuments {
    private final StoredFields fields;

    StoredDocuments(IndexSearcher searcher) throws IOException {
        fields = searcher.storedFields();
    }

    Document document(int number, Set<String> names) throws IOException {
        return fields.document(number, names);
    }
}
